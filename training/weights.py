"""PyTorch weights out of checkpoints and out of exported ONNX files.

The int8 weights of ONNX files are multiplied out, so that a module computes what ONNX Runtime computes, in fp32.
BatchNorm comes back with its statistics folded (mean 0, variance 1 − ε), and where the export fused it into the
convolution before it, as the convolution's bias alone.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.int8_weights import Layer, fp32_layers


def trained_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a `best.pt` or `last.pt`: the averaged ones where both are there."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "averaged" not in content:
        return content["model"]
    return {k.removeprefix("module."): v for k, v in content["averaged"].items() if k != "n_averaged"}


def read_weights(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """The initialisers by name, int8 ones multiplied by their scale."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: value for name, value in stored.items() if not name.endswith(("_int8", "_scale"))}
    for name, value in stored.items():
        if name.endswith("_int8"):
            weight = name.removesuffix("_int8")
            weights[weight] = value.astype(np.float32) * stored[f"{weight}_scale"]
        elif name.endswith("_scale") and f"{name.removesuffix('_scale')}_int8" not in stored:
            weights[name] = value  # a BatchNorm's own scale
    return weights


def copy_weight(parameter: nn.Parameter, value: np.ndarray, name: str) -> None:
    """Fill a parameter.

    Raises:
        ValueError: the shapes differ.
    """
    if parameter.shape != value.shape:
        raise ValueError(f"{name} is {tuple(value.shape)} in the file and {tuple(parameter.shape)} in the module")
    parameter.data.copy_(torch.from_numpy(value.copy()))


def load_vision(vision: nn.Module, path: Path) -> None:
    """Give a `VisionEncoder` the weights of an exported encoder.onnx.

    Modules and layers are walked side by side: DenseNet registers its layers in the order in which they run.

    Raises:
        ValueError: the file was not exported from that module.
    """
    model = onnx.load(path)
    integer = any(node.op_type == "QuantizeLinear" for node in model.graph.node)
    layers = list(fp32_layers(model) if integer else _layers(model.graph))
    fused_bias: np.ndarray | None = None
    for name, module in vision.named_modules():
        if isinstance(module, nn.Conv2d):
            weight, fused_bias = _take(layers, "Conv", name)
            copy_weight(module.weight, weight, name)
        elif isinstance(module, nn.BatchNorm2d):
            module.running_mean.zero_()
            module.running_var.fill_(1 - module.eps)
            if fused_bias is not None:
                module.weight.data.fill_(1)
                copy_weight(module.bias, fused_bias, name)
                fused_bias = None
                continue
            scale, bias = _take(layers, "BatchNormalization", name)
            copy_weight(module.weight, scale, name)
            copy_weight(module.bias, bias, name)
    if layers:
        raise ValueError(f"encoder.onnx has {len(layers)} layers more than DenseNet-169: was it exported from here?")


def _layers(graph: onnx.GraphProto) -> Iterator[Layer]:
    """`fp32_layers` of a graph that computes in fp32."""
    weights = read_weights(graph)
    for node in graph.node:
        if node.op_type in ("Conv", "BatchNormalization"):
            bias = weights[node.input[2]] if len(node.input) > 2 else None
            yield node.op_type, weights[node.input[1]], bias


def _take(layers: list[Layer], operator: str, module: str) -> tuple[np.ndarray, np.ndarray | None]:
    if not layers or layers[0][0] != operator:
        raise ValueError(f"encoder.onnx has no {operator} for {module}: was it exported from here?")
    return layers.pop(0)[1:]
