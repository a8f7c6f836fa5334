"""Counts against those done by hand, and DenseNet-169 against torchvision's figure."""

import pytest
import torch
from torch import nn
from torchvision.models import DenseNet169_Weights

from training.export import quantize_weights, to_onnx
from training.multiply_adds import count_multiply_adds
from training.vision import FEATURES, VisionEncoder


def _graph(module: nn.Module, example: list[int], output: list[int]):
    return to_onnx(module, [torch.rand(example)], {"x": ["batch", *example[1:]]}, {"y": ["batch", *output[1:]]})


def test_convolutions_and_linear_layers() -> None:
    convolution = nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2)
    assert count_multiply_adds(_graph(convolution, [2, 4, 8, 8], [2, 6, 4, 4])) == 6 * 4 * 4 * (4 // 2 * 3 * 3)
    gemm = nn.Linear(10, 7)
    assert count_multiply_adds(_graph(gemm, [2, 10], [2, 7]), batch=3) == 3 * 7 * 10
    product = nn.Sequential(nn.Linear(10, 7), nn.ReLU(), nn.Linear(7, 2))
    assert count_multiply_adds(_graph(product, [2, 5, 10], [2, 5, 2])) == 5 * (7 * 10 + 2 * 7)


def test_what_cannot_be_counted_is_named() -> None:
    model = _graph(nn.Linear(10, 7), [2, 10], [2, 7])
    model.graph.node[0].op_type = "LSTM"
    with pytest.raises(ValueError, match="LSTM is not counted"):
        count_multiply_adds(model)


def test_densenet_169_as_torchvision_states_it() -> None:
    """Their figure holds the classifier's 1.7 million as well, which is less than its last digit."""
    model = to_onnx(
        VisionEncoder(None),
        [torch.rand(1, 3, 224, 224)],
        {"pixels": ["batch", 3, 224, 224]},
        {"regions": ["batch", 49, FEATURES]},
    )
    count = count_multiply_adds(quantize_weights(model))
    assert count / 1e9 == pytest.approx(DenseNet169_Weights.IMAGENET1K_V1.meta["_ops"], abs=0.005)
    assert count_multiply_adds(model, batch=8) == 8 * count
