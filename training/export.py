"""What every task's export shares: PyTorch → ONNX, int8 weights, and the manifest.

Weights are stored as int8 with one scale for each output channel, followed by `Cast` and `Mul`. ONNX Runtime folds
those at load, so the file is a quarter of fp32 and runs at full fp32 speed on every backend.
"""

import hashlib
import io
import json
import subprocess
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

OPSET = 18
_SMALLEST = 1024  # elements, or bytes: below this an array is left as it is, for what nodes and names cost

_TYPES = {
    TensorProto.FLOAT: "float32",
    TensorProto.INT32: "int32",
    TensorProto.INT64: "int64",
    TensorProto.UINT8: "uint8",
}


Shape = Sequence[str | int]


def to_onnx(
    module: nn.Module, example: Sequence[Tensor], inputs: dict[str, Shape], outputs: dict[str, Shape]
) -> onnx.ModelProto:
    """Trace a module in evaluation mode.

    Args:
        example: one tensor for each input.
        inputs, outputs: the shape of each by name; a string is an axis that varies ({"pixels": ["batch", 3, 224, 224]}).
    """
    shapes = inputs | outputs
    buffer = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        # The tracer warns of its successor, which writes an LSTM as dozens of small operators.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(example),
            buffer,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={
                name: {i: size for i, size in enumerate(shape) if isinstance(size, str)}
                for name, shape in shapes.items()
            },
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    for value in [*model.graph.input, *model.graph.output]:
        for dimension, size in zip(value.type.tensor_type.shape.dim, shapes[value.name], strict=True):
            if isinstance(size, str):
                dimension.dim_param = size
            else:
                dimension.dim_value = size
    return model


def fold_batch_norm_statistics(model: onnx.ModelProto) -> None:
    """Fold mean and variance of every BatchNormalization into its scale and bias, in place.

    The operator still wants four arrays: the other two become shared zeros and ones, made at load by ConstantOfShape,
    which halves what normalisation adds to a file of int8 weights.
    """
    graph = model.graph
    weights = {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in graph.initializer}
    # The tracer writes equal arrays once and copies them, as the statistics of an encoder that was read from ONNX are.
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in weights:
            weights[node.output[0]] = weights[node.input[0]]
    made: set[str] = set()
    front = []
    for node in graph.node:
        if node.op_type != "BatchNormalization":
            continue
        epsilon = next((a.f for a in node.attribute if a.name == "epsilon"), 1e-5)
        scale, bias, mean, variance = (weights[name] for name in node.input[1:])
        factor = scale / np.sqrt(variance + epsilon)
        # New names, because layers may share an array.
        for position, value in ((1, factor), (2, bias - mean * factor)):
            node.input[position] = f"{node.output[0]}_{'scale' if position == 1 else 'bias'}"
            graph.initializer.append(numpy_helper.from_array(value.astype(np.float32), node.input[position]))
        for position, name, constant in ((3, "zeros", 0.0), (4, "ones", 1.0 - epsilon)):
            node.input[position] = f"{name}_{len(factor)}"
            if node.input[position] in made:
                continue
            made.add(node.input[position])
            length = f"{node.input[position]}_length"
            graph.initializer.append(numpy_helper.from_array(np.array([len(factor)], np.int64), length))
            filled = numpy_helper.from_array(np.array([constant], np.float32))
            front.append(helper.make_node("ConstantOfShape", [length], [node.input[position]], value=filled))
    nodes = front + list(graph.node)
    graph.ClearField("node")
    graph.node.extend(nodes)
    _remove_unread_weights(graph)


def _remove_unread_weights(graph: onnx.GraphProto) -> None:
    read = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in read]
    graph.ClearField("initializer")
    graph.initializer.extend(kept)


def _channel_axis(node: onnx.NodeProto, position: int, rank: int) -> int | None:
    """The axis of a weight that holds the output channels, by the operator that reads it; None to leave it alone."""
    if node.op_type == "Conv" and position == 1:
        return 0
    if node.op_type == "Gather" and position == 0:
        return 0
    if node.op_type == "MatMul" and position == 1:
        return rank - 1
    if node.op_type == "Gemm" and position == 1:
        transposed = any(a.name == "transB" and a.i for a in node.attribute)
        return 0 if transposed else 1
    if node.op_type in ("LSTM", "GRU") and position in (1, 2):
        return 1
    return None


def quantize_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace the weights of convolutions, matrix products, embeddings and LSTMs by int8 → Cast → Mul(scale).

    A weight w of an output channel becomes round(w / s) with s = max|w| / 127 of its channel.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    axes: dict[str, int] = {}
    for node in graph.node:
        for position, name in enumerate(node.input):
            tensor = weights.get(name)
            if tensor is None or tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < _SMALLEST:
                continue
            axis = _channel_axis(node, position, len(tensor.dims))
            # A weight that several operators share (tied embeddings) keeps the axis of its first reader.
            if axis is not None and name not in axes:
                axes[name] = axis
    front = []
    for name, axis in axes.items():
        value = numpy_helper.to_array(weights[name])
        others = tuple(i for i in range(value.ndim) if i != axis and not (axis == 1 and value.ndim == 3 and i == 0))
        scale = np.maximum(np.abs(value).max(axis=others, keepdims=True), 1e-12) / 127
        graph.initializer.remove(weights[name])
        graph.initializer.append(numpy_helper.from_array(np.rint(value / scale).astype(np.int8), f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"))
        front.append(helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT))
        front.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
    nodes = front + list(graph.node)
    graph.ClearField("node")
    graph.node.extend(nodes)
    onnx.checker.check_model(result)
    return result


def stored_in(
    file: str, content: bytes, tensor: onnx.TensorProto, name: str | None = None, dims: Sequence[int] | None = None
) -> onnx.TensorProto:
    """An array that is read from another ONNX file beside the one that it is in.

    Args:
        content: that file's.
        tensor: the array in there.
        name, dims: here, where they differ.
    """
    stored = onnx.TensorProto(name=name or tensor.name, data_type=tensor.data_type, dims=dims or tensor.dims)
    stored.data_location = TensorProto.EXTERNAL
    place = {"location": file, "offset": content.index(tensor.raw_data), "length": len(tensor.raw_data)}
    for key, value in place.items():
        stored.external_data.add(key=key, value=str(value))
    return stored


def with_arrays_of(model: onnx.ModelProto, other: onnx.ModelProto, file: str) -> onnx.ModelProto:
    """The model without the bytes of the large arrays that another one has as well: it reads them from its file.

    Args:
        file: the name under which `other` lies beside the result.
    """
    content = other.SerializeToString()
    theirs = {tensor.name: tensor for tensor in other.graph.initializer}
    result = onnx.ModelProto()
    result.CopyFrom(model)
    result.graph.ClearField("initializer")
    for tensor in model.graph.initializer:
        shared = tensor.name in theirs and len(tensor.raw_data) >= _SMALLEST
        result.graph.initializer.append(stored_in(file, content, tensor) if shared else tensor)
    return result


def _signature(values) -> list[dict]:
    return [
        {
            "name": value.name,
            "type": _TYPES[value.type.tensor_type.elem_type],
            "shape": [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim],
        }
        for value in values
    ]


def _commit() -> str:
    described = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return described.stdout.strip() or "unknown"


def write_model(
    models: Path,
    name: str,
    description: str,
    command: str,
    files: dict[str, onnx.ModelProto | str],
    twins: dict[str, str] | None = None,
    keep: dict[str, list[str]] | None = None,
    place: str | None = None,
) -> None:
    """Write the files of one model and its entry in `manifest.json`.

    Args:
        files: content by file name inside `models/<name>/`; a string is written as text.
        place: the folder, where it is another model's and not `<name>`.
        twins: by the name of a graph that computes in integers, the one that GPUs run in its place.
        keep: by the name of a graph, its outputs that only other graphs read, so that they stay on GPUs.
    """
    place = place or name
    folder = models / place
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for file, content in files.items():
        data = content.encode() if isinstance(content, str) else content.SerializeToString()
        unfinished = folder / f"{file}.part"
        unfinished.write_bytes(data)
        unfinished.replace(folder / file)
        entry = {"path": f"{place}/{file}", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if not isinstance(content, str):
            entry |= {"inputs": _signature(content.graph.input), "outputs": _signature(content.graph.output)}
        if twins and file in twins:
            entry["gpu"] = f"{place}/{twins[file]}"
        if keep and file in keep:
            entry["keep"] = keep[file]
        entries.append(entry)
    path = models / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {"format": 1, "models": {}}
    manifest["models"][name] = {
        "description": description,
        "sha256": hashlib.sha256("".join(entry["sha256"] for entry in entries).encode()).hexdigest(),
        "commit": _commit(),
        "command": command,
        "files": entries,
    }
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(manifest, indent=2) + "\n")
    unfinished.replace(path)
