"""The PyTorch captioner with the weights of the exported ONNX files: the inverse of `exporting.py`.

int8 weights are multiplied out, so that the module computes what ONNX Runtime computes, in fp32. BatchNorm comes back
with its statistics folded (mean 0, variance 1 − ε), and where the export fused it into the convolution before it, as
the convolution's bias alone.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.model import Captioner
from training.captioning.vocabulary import Vocabulary
from training.vision import VisionEncoder


def load_exported(models: Path) -> tuple[Captioner, Vocabulary]:
    """Build the captioner of `models/vision` and `models/captioning` in evaluation mode.

    Raises:
        ValueError: a file is missing, or was not exported from these modules.
    """
    paths = [models / "vision/encoder.onnx", models / "captioning/prepare.onnx", models / "captioning/step.onnx"]
    words = models / "captioning/vocabulary.json"
    for path in [*paths, words]:
        if not path.exists():
            raise ValueError(f"{path} is missing: restore it from the repository, or export a checkpoint")
    vision_graph, *decoder_graphs = (onnx.load(path).graph for path in paths)
    vocabulary = Vocabulary(json.loads(words.read_text())["words"])
    vision = VisionEncoder(None)
    _load_vision(vision, vision_graph)
    captioner = Captioner(vision, _decoder(decoder_graphs))
    return captioner.eval(), vocabulary


def _weights(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
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


def _load_vision(vision: VisionEncoder, graph: onnx.GraphProto) -> None:
    """Walk modules and nodes side by side: DenseNet registers its layers in the order in which they run."""
    weights = _weights(graph)
    nodes = [node for node in graph.node if node.op_type in ("Conv", "BatchNormalization")]
    fused_bias: np.ndarray | None = None
    for name, module in vision.named_modules():
        if isinstance(module, nn.Conv2d):
            node = _take(nodes, "Conv", name)
            _copy(module.weight, weights[node.input[1]], name)
            fused_bias = weights[node.input[2]] if len(node.input) > 2 else None
        elif isinstance(module, nn.BatchNorm2d):
            module.running_mean.zero_()
            module.running_var.fill_(1 - module.eps)
            if fused_bias is not None:
                module.weight.data.fill_(1)
                _copy(module.bias, fused_bias, name)
                fused_bias = None
                continue
            node = _take(nodes, "BatchNormalization", name)
            _copy(module.weight, weights[node.input[1]], name)
            _copy(module.bias, weights[node.input[2]], name)
    if nodes:
        raise ValueError(f"encoder.onnx has {len(nodes)} layers more than DenseNet-169: was it exported from here?")


def _take(nodes: list[onnx.NodeProto], operator: str, module: str) -> onnx.NodeProto:
    if not nodes or nodes[0].op_type != operator:
        raise ValueError(f"encoder.onnx has no {operator} for {module}: was it exported from here?")
    return nodes.pop(0)


def _decoder(graphs: list[onnx.GraphProto]) -> Decoder:
    """The decoder of prepare.onnx and step.onnx, its kind and sizes read from their arrays."""
    weights: dict[str, np.ndarray] = {}
    for graph in graphs:
        found = _weights(graph)
        weights |= {name.removeprefix("decoder."): value for name, value in found.items() if "::" not in name}
        for node in graph.node:
            # The tracer transposes the matrices of linear layers and renames them; the operator keeps the layer's name.
            if node.op_type == "MatMul" and node.input[1] in found and node.name.count("/") == 2:
                weights.setdefault(f"{node.name.split('/')[1]}.weight", found[node.input[1]].T)
    marks = {"language_lstm": "top-down", "sentinel_gate": "adaptive", "context_gate": "soft-attention"}
    modules = {name.split(".")[0] for name in weights}
    try:
        words, embedding = weights["embedding.weight"].shape
        hidden = len(weights["project_regions.bias"])
        attention = len(weights["query.bias"]) if "query.bias" in weights else 1
        kind = next((kind for mark, kind in marks.items() if mark in modules), "init-inject")
        decoder = Decoder(DecoderConfig(words, kind, hidden, embedding, attention))
        for name, parameter in decoder.named_parameters():
            _copy(parameter, weights[name], name)
    except KeyError as error:
        raise ValueError(f"the captioning model has no array {error}: was it exported from here?") from error
    return decoder


def _copy(parameter: nn.Parameter, value: np.ndarray, name: str) -> None:
    if parameter.shape != value.shape:
        raise ValueError(f"{name} is {tuple(value.shape)} in the file and {tuple(parameter.shape)} in the module")
    parameter.data.copy_(torch.from_numpy(value.copy()))
