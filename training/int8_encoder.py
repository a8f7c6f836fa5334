"""The encoder in int8 arithmetic: what ONNX Runtime computes with vector instructions for bytes, on CPUs and in WebAssembly.

Every activation is an unsigned byte, rounded after each convolution, and every weight a signed byte. An output channel of
a convolution has a scale of its own, into which all that is constant goes: the units of its input and of its output. So
bytes count in units of their own, and `QuantizeLinear` always has scale 1.

- A layer's output that is concatenated with those before it is mapped, channel by channel, from its range to 0…255.
- BatchNorm and ReLU over concatenated layers are a depthwise 1×1 convolution: each scales and shifts the same bytes in
  another way. Rounding to unsigned bytes is the ReLU.
- A transition's pooling comes before its convolution, which then has a quarter of the products. The two commute.

ONNX Runtime fuses each `DequantizeLinear`, `Conv` and `QuantizeLinear` into one `QLinearConv`. GPUs have no kernel for it:
`float_twin` computes the same numbers in fp32 from the same weights. They must be the very same: what one rounding lets
differ grows through 168 convolutions to as much as all roundings together.
"""

import collections
import json
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from training.export import stored_in
from training.onnx_session import open_session

UNITS = "units"  # the key of the file's metadata that holds what one count of each convolution's output is worth
_STEPS = 255
_MEAN_PIXEL = 114  # as a byte, of normalised pixels
_POOLED = " pooled first"  # marks the name of a transition's convolution
_SAMPLED = 2  # positions of each channel and photo from which ranges are chosen


@dataclass(frozen=True)
class _Bytes:
    """A tensor of unsigned bytes: (value - zero) * unit is what it stands for; one of each for every channel."""

    name: str
    unit: np.ndarray
    zero: np.ndarray


def _attributes(node: onnx.NodeProto, *names: str) -> dict:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute if a.name in names}


def sample_activations(encoder: onnx.ModelProto, pixels_BCHW: Tensor) -> dict[str, tuple[np.ndarray, int]]:
    """Values of each activation that is rounded, [channels, some positions of every photo], its extremes among them, and how
    many positions a side has."""
    named = [n.output[0] for n in encoder.graph.node if n.op_type in ("Conv", "Relu", "AveragePool", "MaxPool")]
    watched = onnx.ModelProto()
    watched.CopyFrom(encoder)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in named)
    session = open_session(watched.SerializeToString())
    sides: dict[str, int] = {}
    generator = np.random.default_rng(0)
    producers = {node.output[0]: node for node in encoder.graph.node}
    pooled = {
        node.input[0]: producers[node.input[0]].input[0] for node in encoder.graph.node if node.op_type == "AveragePool"
    }
    samples: dict[str, list[np.ndarray]] = collections.defaultdict(list)
    for photo in pixels_BCHW.numpy():
        activations = dict(zip(named, session.run(named, {"pixels": photo[None]}), strict=True))
        for convolution, relu in pooled.items():
            height, width = (size // 2 for size in activations[relu].shape[2:])
            quarters = activations[relu].reshape(1, -1, height, 2, width, 2)
            activations[f"{convolution}{_POOLED}"] = quarters.mean(axis=(3, 5))
        for name, value in activations.items():
            sides[name] = value.shape[-1]
            flat = value[0].reshape(value.shape[1], -1)
            chosen = generator.integers(flat.shape[1], size=_SAMPLED)
            extremes = np.stack([flat.min(1), flat.max(1)], axis=1)
            samples[name].append(np.concatenate([flat[:, chosen], extremes], axis=1))
    return {name: (np.concatenate(values, axis=1), sides[name]) for name, values in samples.items()}


def range_of_each(samples_CN: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """The range of each channel of a layer's output: more than was seen, since cutting off another photo's values costs more
    than coarser steps do. The fewer the places of a photo are, the less was seen: half as much again for 7×7.
    """
    headroom = 1 + 0.5 * (7 / side) ** 0.75
    low, high = np.minimum(samples_CN.min(1), 0), np.maximum(samples_CN.max(1), 1e-6)
    return low.astype(np.float64) * headroom, high.astype(np.float64) * headroom


def range_of_all(samples_CN: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One range from 0 for all channels of a ReLU's output: the one whose steps represent what was seen best (least mean
    squared error)."""
    most = max(float(samples_CN.max()), 1e-6)
    samples_CN = samples_CN[:, :: max(1, samples_CN.size // 2**19)]

    def error(high: float) -> float:
        unit = high / _STEPS
        return float(np.square(np.minimum(np.rint(samples_CN / unit), _STEPS) * unit - samples_CN).mean())

    high = min((most * share for share in np.linspace(0.4, 1, 25)), key=error)
    return np.zeros(1), np.array([high])


@dataclass
class _Builder:
    """Writes the int8 graph while the fp32 one is walked."""

    weights: dict[str, np.ndarray]
    samples: dict[str, tuple[np.ndarray, int]]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    arrays: list[onnx.TensorProto] = field(default_factory=list)
    units: list[list[float]] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def array(self, value: np.ndarray, name: str | None = None) -> str:
        name = name or self.name()
        self.arrays.append(numpy_helper.from_array(value, name))
        return name

    def node(self, operator: str, inputs: list[str], **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [self.name()], **attributes))
        return self.nodes[-1].output[0]

    def to_bytes(self, value: str) -> str:
        return self.node("QuantizeLinear", [value, "one", "zero"])

    def to_counts(self, value: str) -> str:
        return self.node("DequantizeLinear", [value, "one", "zero"])

    def target(self, activation: str, *, shared: bool) -> tuple[np.ndarray, np.ndarray]:
        """Unit and zero of each channel of an activation; one unit for all channels where `shared`."""
        samples, side = self.samples[activation]
        low, high = range_of_all(samples) if shared else range_of_each(samples, side)
        unit = np.broadcast_to((high - low) / _STEPS, len(samples))
        return unit, np.broadcast_to(-low / unit, len(samples))

    def convolve(
        self,
        source: _Bytes | str,
        weight: np.ndarray,
        bias: np.ndarray,
        activation: str,
        *,
        shared: bool,
        **attributes,
    ) -> _Bytes:
        """A convolution from bytes to bytes; from a name, of values in their own unit.

        Args:
            weight, bias: as in fp32.
            activation: whose samples give the output's range.
            shared: whether the output has one unit for all channels, as what another convolution reads must.
        """
        unit, zero = self.target(activation, shared=shared)
        if isinstance(source, str):
            counts = source
        else:
            counts = self.to_counts(source.name)
            if attributes.get("group", 1) > 1:
                bias = bias - weight.reshape(-1) * source.unit * source.zero
                weight = weight * source.unit.reshape(-1, 1, 1, 1)
            else:
                weight = weight * source.unit.reshape(1, -1, 1, 1)
        weight = weight / unit.reshape(-1, 1, 1, 1)
        bias = bias / unit + zero
        # The bias is counted in the weight's scale. A channel of nearly no weight gets a coarser one, so that all sums stay
        # below 2^24: up to there fp32 counts as exactly as integers.
        scale = np.maximum(np.abs(weight).max(axis=(1, 2, 3)) / 127, np.abs(bias) / 2**22 + 1e-12).astype(np.float32)
        rounded = np.rint(weight / scale.reshape(-1, 1, 1, 1)).astype(np.int8)
        number = len(self.units)
        spread = self.node(
            "DequantizeLinear", [self.array(rounded, f"w{number}"), self.array(scale, f"s{number}")], axis=0
        )
        bias_name = self.array(bias.astype(np.float32), f"b{number}")
        self.units.append([float(f"{each:.6g}") for each in (unit[:1] if shared else unit)])
        return _Bytes(self.to_bytes(self.node("Conv", [counts, spread, bias_name], **attributes)), unit, zero)


def to_int8(encoder: onnx.ModelProto, pixels_BCHW: Tensor) -> onnx.ModelProto:
    """The int8 graph of an exported fp32 encoder whose BatchNorm statistics are folded.

    Args:
        pixels_BCHW: photos of the training data, RGB in 0..1, from which the ranges of the activations are taken. A hundred
            will do.
    """
    graph = encoder.graph
    builder = _Builder(
        {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in graph.initializer},
        sample_activations(encoder, pixels_BCHW),
    )
    builder.array(np.float32(1), "one")
    builder.array(np.uint8(0), "zero")
    readers: dict[str, onnx.NodeProto] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, node)
    constants = {node.output[0]: node for node in graph.node if node.op_type == "Constant"}
    made: dict[str, _Bytes] = {}
    for node in graph.node:
        output = node.output[0]
        if node.op_type == "Conv":
            weight = builder.weights[node.input[1]]
            bias = builder.weights[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight))
            attributes = _attributes(node, "kernel_shape", "pads", "strides")
            reader = readers[output]
            if node.input[0] not in made:
                made[reader.output[0]] = _stem(builder, graph, constants, node, reader, weight, bias, attributes)
                made[readers[reader.output[0]].output[0]] = _max_pool(builder, made[reader.output[0]])
            elif reader.op_type == "AveragePool":
                pooled = _average_pool(builder, made[node.input[0]], f"{output}{_POOLED}")
                made[reader.output[0]] = builder.convolve(
                    pooled, weight, bias, reader.output[0], shared=False, **attributes
                )
            elif reader.op_type == "Relu":
                made[reader.output[0]] = builder.convolve(
                    made[node.input[0]], weight, bias, reader.output[0], shared=True, **attributes
                )
            else:
                made[output] = builder.convolve(made[node.input[0]], weight, bias, output, shared=False, **attributes)
        elif node.op_type == "Concat" and node.input[0] in made:
            made[output] = _concatenate(builder, [made[name] for name in node.input])
        elif node.op_type == "BatchNormalization":
            scale, bias = (builder.weights[name] for name in node.input[1:3])
            relu = readers[output].output[0]
            if readers[relu].op_type != "Conv":
                _regions(builder, made[node.input[0]], scale, bias, graph.output[0])
                break
            made[relu] = builder.convolve(
                made[node.input[0]],
                scale.reshape(-1, 1, 1, 1),
                bias,
                relu,
                shared=True,
                group=len(scale),
                kernel_shape=[1, 1],
            )
    result = helper.make_model(
        helper.make_graph(builder.nodes, "encoder", list(graph.input), list(graph.output), builder.arrays),
        opset_imports=list(encoder.opset_import),
        ir_version=encoder.ir_version,
    )
    result.metadata_props.add(key=UNITS, value=json.dumps(builder.units, separators=(",", ":")))
    onnx.checker.check_model(result)
    return result


def _stem(builder, graph, constants, conv, relu, weight, bias, attributes) -> _Bytes:
    """Normalisation of the pixels and the first convolution. Padding with 0 is padding with the mean pixel."""
    division = next(node for node in graph.node if conv.input[0] in node.output)
    subtraction = next(node for node in graph.node if division.input[0] in node.output)
    std, mean = (
        numpy_helper.to_array(helper.get_node_attr_value(constants[node.input[1]], "value")).reshape(1, 3, 1, 1)
        for node in (division, subtraction)
    )
    unit = float(((1 - mean) / std).max()) / (_STEPS - _MEAN_PIXEL)
    builder.units.append([unit])
    builder.array(np.uint8(_MEAN_PIXEL), "mean_pixel")
    scaled = builder.node("Mul", ["pixels", builder.array((1 / (std * unit)).astype(np.float32))])
    shifted = builder.node("Add", [scaled, builder.array((-mean / (std * unit)).astype(np.float32))])
    rounded = builder.node("QuantizeLinear", [shifted, "one", "mean_pixel"])
    counts = builder.node("DequantizeLinear", [rounded, "one", "mean_pixel"])
    return builder.convolve(counts, weight * unit, bias, relu.output[0], shared=False, **attributes)


def _max_pool(builder: _Builder, source: _Bytes) -> _Bytes:
    pooled = builder.node("MaxPool", [source.name], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    return _Bytes(pooled, source.unit, source.zero)


def _average_pool(builder: _Builder, source: _Bytes, activation: str) -> _Bytes:
    """2×2 means as a depthwise convolution, in a unit of their own: means are smaller than what they are taken of."""
    channels = len(source.unit)
    unit, zero = builder.target(activation, shared=True)
    weight = builder.array(np.full((channels, 1, 2, 2), 64, np.int8), f"pool{channels}")
    scale = builder.array((source.unit / unit / 256).astype(np.float32))
    spread = builder.node("DequantizeLinear", [weight, scale], axis=0)
    bias = builder.array(np.zeros(channels, np.float32))
    means = builder.node(
        "Conv", [builder.to_counts(source.name), spread, bias], group=channels, kernel_shape=[2, 2], strides=[2, 2]
    )
    builder.units.append([float(f"{unit[0]:.6g}")])
    return _Bytes(builder.to_bytes(means), unit, zero)


def _concatenate(builder: _Builder, parts: list[_Bytes]) -> _Bytes:
    name = parts[0].name if len(parts) == 1 else builder.node("Concat", [part.name for part in parts], axis=1)
    return _Bytes(name, np.concatenate([p.unit for p in parts]), np.concatenate([p.zero for p in parts]))


def _regions(
    builder: _Builder, source: _Bytes, scale: np.ndarray, bias: np.ndarray, output: onnx.ValueInfoProto
) -> None:
    """The last BatchNorm and ReLU, in fp32, to regions [batch, 49, features]."""
    _, regions, features = (d.dim_value for d in output.type.tensor_type.shape.dim)
    factor = builder.array((scale * source.unit).astype(np.float32).reshape(1, -1, 1, 1), "last_scale")
    shift = (bias - scale * source.unit * source.zero).astype(np.float32)
    scaled = builder.node("Mul", [builder.to_counts(source.name), factor])
    shifted = builder.node("Add", [scaled, builder.array(shift.reshape(1, -1, 1, 1), "last_bias")])
    shape = builder.array(np.array([0, features, regions], np.int64))
    flat = builder.node("Reshape", [builder.node("Relu", [shifted]), shape])
    builder.nodes.append(helper.make_node("Transpose", [flat], [output.name], perm=[0, 2, 1]))


def float_twin(int8: onnx.ModelProto, file: str) -> onnx.ModelProto:
    """A graph that computes in fp32 what the int8 graph computes in integers, with its arrays read from the latter's file.

    Products of bytes and their sums are integers below 2^24, which fp32 holds exactly, in whatever order it adds them.

    Args:
        file: the name under which the int8 graph lies beside the twin.
    """
    content = int8.SerializeToString()
    arrays = {tensor.name: tensor for tensor in int8.graph.initializer}
    zeros = {"zero": 0, "mean_pixel": _MEAN_PIXEL}
    # Adding and subtracting this rounds to the nearest integer, to the even one of two: GPUs have no operator for it.
    made = [numpy_helper.from_array(np.float32(1.5 * 2**23), "round")]
    for name, zero in zeros.items():
        made.append(numpy_helper.from_array(np.float32(-zero), f"{name}_least"))
        made.append(numpy_helper.from_array(np.float32(_STEPS - zero), f"{name}_most"))
    nodes: list[onnx.NodeProto] = []
    renamed: dict[str, str] = {}
    spread = {node.output[0]: node.input for node in int8.graph.node if node.op_type == "DequantizeLinear"}

    def read(name: str, dims: list[int] | None = None, suffix: str = "") -> str:
        tensor = arrays[name]
        made.append(stored_in(file, content, tensor, f"{name}{suffix}", dims))
        return f"{name}{suffix}"

    def add(operator: str, inputs: list[str], output: str, **attributes) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    for node in int8.graph.node:
        output = node.output[0]
        inputs = [renamed.get(name, name) for name in node.input]
        if node.op_type == "DequantizeLinear":
            renamed[output] = inputs[0]
        elif node.op_type == "Conv":
            weight, scale = spread[node.input[1]]
            counts = add("Cast", [read(weight)], f"{weight}f", to=TensorProto.FLOAT)
            bias = add("Div", [read(node.input[2]), read(scale)], f"{output}b")
            bias = add("Round", [bias], f"{output}r")
            add("Conv", [inputs[0], counts, bias], f"{output}c", **_attributes(node, *(a.name for a in node.attribute)))
            # Bytes are not negative. And between a convolution and its scale, which would otherwise be multiplied into
            # the weights when the graph is loaded.
            add("Relu", [f"{output}c"], f"{output}p")
            channels = read(scale, [*arrays[scale].dims, 1, 1], "c")
            add("Mul", [f"{output}p", channels], output)
        elif node.op_type == "QuantizeLinear":
            value = add("Sub", [add("Add", [inputs[0], "round"], f"{output}a"), "round"], f"{output}s")
            add("Clip", [value, f"{inputs[2]}_least", f"{inputs[2]}_most"], output)
        else:
            for name in node.input:
                if name in arrays:
                    made.append(arrays[name])
            add(node.op_type, inputs, output, **_attributes(node, *(a.name for a in node.attribute)))
    return helper.make_model(
        helper.make_graph(nodes, "encoder", list(int8.graph.input), list(int8.graph.output), made),
        opset_imports=list(int8.opset_import),
        ir_version=int8.ir_version,
    )
