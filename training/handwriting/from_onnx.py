"""The PyTorch synthesiser with the weights of the exported ONNX file: the inverse of `exporting.py`."""

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper
from torch import nn

from training.handwriting.model import Synthesizer, SynthesizerConfig
from training.weights import copy_weight, read_weights


def load_exported(models: Path) -> Synthesizer:
    """Build the synthesiser of `models/handwriting` in evaluation mode, its sizes read from the arrays.

    Its writers are the exported styles, by their ids: no others are in the files.

    Raises:
        ValueError: a file is missing, or was not exported from these modules.
    """
    graph_path, styles_path = models / "handwriting/synthesizer.onnx", models / "handwriting/styles.json"
    for path in (graph_path, styles_path):
        if not path.exists():
            raise ValueError(f"{path} is missing: restore it from the repository, or export a checkpoint")
    stored = json.loads(styles_path.read_text())
    graph = onnx.load(graph_path).graph
    weights = {name.removeprefix("synthesizer."): value for name, value in read_weights(graph).items()}
    layers = _layers(graph, weights)
    try:
        size = weights["characters.weight"].shape[1]
        parameters, hidden = weights["to_window.weight"].shape
        style = len(stored["unprimed"])
        config = SynthesizerConfig(
            writers=[each["id"] for each in stored["styles"]],
            hidden=hidden,
            mixtures=(len(weights["output.bias"]) - 2) // 6,
            windows=parameters // 3,
            characters=size,
            style=style,
            feedback=layers[0][0].shape[1] == 3 + style + size + hidden,
        )
        model = Synthesizer(config)
        for name in ("characters.weight", "to_window.weight", "to_window.bias", "output.weight", "output.bias"):
            copy_weight(model.get_parameter(name), weights[name], name)
    except KeyError as error:
        raise ValueError(f"the handwriting model has no array {error}: was it exported from here?") from error
    for name, layer, (weight, bias) in zip(
        ("first", "second", "third"), (model.first, model.second, model.third), layers, strict=True
    ):
        _copy_layer(layer, weight, bias, name)
    vectors = [stored["unprimed"], *(each["vector"] for each in stored["styles"])]
    model.styles.weight.data.copy_(torch.tensor(vectors))
    return model.eval()


def _layers(graph: onnx.GraphProto, weights: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weight and bias of each LSTM layer, in the order in which they run.

    The tracer has made one product of a layer's two, and gives it a name of its own: unlike the other products of a point
    it has no module's name.
    """
    scan = next((node for node in graph.node if node.op_type == "Scan"), None)
    body = helper.get_attribute_value(next(a for a in scan.attribute if a.name == "body")) if scan else graph
    found = [
        (weights[node.input[1]], weights[node.input[2]])
        for node in body.node
        if node.op_type == "Gemm" and "::" in node.input[1]
    ]
    if len(found) != 3:
        raise ValueError(f"the handwriting model has {len(found)} LSTM layers and not 3: was it exported from here?")
    return found


def _copy_layer(layer: nn.LSTM, weight: np.ndarray, bias: np.ndarray, name: str) -> None:
    inputs = layer.weight_ih_l0.shape[1]
    copy_weight(layer.weight_ih_l0, weight[:, :inputs], f"{name}.weight_ih_l0")
    copy_weight(layer.weight_hh_l0, weight[:, inputs:], f"{name}.weight_hh_l0")
    # Only the sum of the two biases is in the file.
    copy_weight(layer.bias_ih_l0, bias, f"{name}.bias_ih_l0")
    layer.bias_hh_l0.data.zero_()
