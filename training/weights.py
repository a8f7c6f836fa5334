"""PyTorch weights out of checkpoints and out of exported ONNX files.

The int8 weights of ONNX files are multiplied out, so that a module computes what ONNX Runtime computes, in fp32.
BatchNorm comes back with its statistics folded (mean 0, variance 1 − ε), and where the export fused it into the
convolution before it, as the convolution's bias alone.
"""

from collections.abc import Iterator, Sequence
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
    """The initialisers by name, those of loops' bodies included, int8 ones multiplied by their scale."""
    bodies = [attribute.g for node in graph.node for attribute in node.attribute if attribute.HasField("g")]
    stored = {tensor.name: numpy_helper.to_array(tensor) for part in (graph, *bodies) for tensor in part.initializer}
    weights = {name: value for name, value in stored.items() if not name.endswith(("_int8", "_scale"))}
    for name, value in stored.items():
        if name.endswith("_int8"):
            weight = name.removesuffix("_int8")
            weights[weight] = value.astype(np.float32) * stored[f"{weight}_scale"]
        elif name.endswith("_scale") and f"{name.removesuffix('_scale')}_int8" not in stored:
            weights[name] = value  # a BatchNorm's own scale
    return weights


def module_weights(graphs: Sequence[onnx.GraphProto], module: str) -> dict[str, np.ndarray]:
    """The weights of a module by the names of its parameters, from the graphs that it was exported to.

    The tracer transposes the matrices of linear layers without a product of their own (`MatMul`, or `MatMulInteger` in
    the export) and renames them; the operator keeps the layer's name. It also turns the arrays of an LSTM to the
    operator's order of gates.

    Args:
        module: the name that the module has in the traced one, e.g. "decoder".
    """
    weights: dict[str, np.ndarray] = {}
    for graph in graphs:
        found = read_weights(graph)
        weights |= {name.removeprefix(f"{module}."): value for name, value in found.items() if "::" not in name}
        for node in graph.node:
            layer = node.name.strip("/").split("/")
            matrix = node.input[1].removesuffix("_int8") if len(node.input) > 1 else ""
            if node.op_type in ("MatMul", "MatMulInteger") and matrix in found and len(layer) == 2:
                weights.setdefault(f"{layer[0]}.weight", found[matrix].T)
            elif node.op_type == "LSTM":
                prefix = ".".join(layer[:-1])
                for name, array in zip(("weight_ih", "weight_hh"), node.input[1:3], strict=True):
                    weights[f"{prefix}.{name}_l0"] = _gates(found[array][0])
                for name, bias in zip(("bias_ih", "bias_hh"), np.split(found[node.input[3]][0], 2), strict=True):
                    weights[f"{prefix}.{name}_l0"] = _gates(bias)
    return weights


def _gates(value: np.ndarray) -> np.ndarray:
    """ONNX's order of an LSTM's gates (input, output, forget, cell) to PyTorch's (input, forget, cell, output)."""
    i, o, f, c = np.split(value, 4)
    return np.concatenate([i, f, c, o])


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
