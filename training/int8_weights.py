"""The fp32 layers that an int8 encoder was made from: the inverse of `int8_encoder.py`, but for the rounding of weights."""

import json
from collections.abc import Iterator

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.int8_encoder import UNITS

Layer = tuple[str, np.ndarray, np.ndarray | None]


def fp32_layers(model: onnx.ModelProto) -> Iterator[Layer]:
    """(operator, weight, bias) of every Conv and BatchNormalization in the order of the network; a BatchNormalization that
    was fused into the convolution before it is that one's bias.

    Raises:
        ValueError: the graph was not made by `to_int8`.
    """
    written = next((entry.value for entry in model.metadata_props if entry.key == UNITS), None)
    if written is None:
        raise ValueError("the encoder says nothing of its units: was it exported from here?")
    pixel, *units = (np.array(each) for each in json.loads(written))
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    spread = {node.output[0]: node.input for node in model.graph.node if node.op_type == "DequantizeLinear"}
    unit = pixel  # of what the next convolution reads
    features_unit = features_zero = np.empty(0)
    pooled = False
    for node in model.graph.node:
        if node.op_type != "Conv":
            continue
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        kernel, group = attributes["kernel_shape"], attributes.get("group", 1)
        if group > 1 and kernel == [2, 2]:
            unit, pooled = units.pop(0)[0], True
            continue
        rounded, scale = (arrays[name] for name in spread[node.input[1]])
        weight = rounded.astype(np.float64) * scale.reshape(-1, 1, 1, 1).astype(np.float64)
        bias = arrays[node.input[2]].astype(np.float64)
        made = np.broadcast_to(units.pop(0), len(weight))
        if group > 1:
            _check(features_unit, len(weight))
            factor = weight.reshape(-1) * made / features_unit
            yield "BatchNormalization", factor, bias * made + factor * features_unit * features_zero
            unit = made[0]
            continue
        restored = weight * made.reshape(-1, 1, 1, 1) / unit
        if kernel == [7, 7]:
            yield "Conv", restored, bias * made
            features_unit, features_zero = made, np.zeros_like(made)
        elif kernel == [3, 3]:
            yield "Conv", restored, None
            features_unit = np.concatenate([features_unit, made])
            features_zero = np.concatenate([features_zero, bias])
        elif pooled:  # a transition's
            yield "Conv", restored, None
            features_unit, features_zero = made, bias
            pooled = False
        else:
            yield "Conv", restored, bias * made
            unit = made[0]
    _check(features_unit, arrays["last_scale"].size)
    factor = arrays["last_scale"].reshape(-1).astype(np.float64) / features_unit
    yield (
        "BatchNormalization",
        factor,
        arrays["last_bias"].reshape(-1) + factor * features_unit * features_zero,
    )


def _check(features_unit: np.ndarray, channels: int) -> None:
    missing = channels - len(features_unit)
    if missing:
        raise ValueError(f"encoder.onnx has no Conv for {missing} of {channels} channels: was it exported from here?")
