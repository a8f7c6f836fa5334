"""ONNX export of the synthesiser: one graph that writes several points in one run, the noise being an input.

One step is traced, and becomes the body of a Scan over the points; what does not change from point to point (the text's
embeddings, the weights' scales) is lifted out of it.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnx import helper
from torch import Tensor, nn

from training.data.ink import CHARACTERS
from training.data.ink_batches import STEPS
from training.export import quantize_weights, to_onnx, write_model
from training.handwriting import synthesis
from training.handwriting.mixture import mixture, sample
from training.handwriting.model import END, State, Synthesizer

LARGEST = 4 * 2**20  # bytes of all files
_STATE = (*State._fields, "point")
_SCANNED = ("noise", "given")
_MADE = ("points", "phi", "outputs")


class _Step(nn.Module):
    """One point: sampled from the mixture, or the given one where there is one."""

    def __init__(self, synthesizer: Synthesizer):
        super().__init__()
        self.synthesizer = synthesizer

    def forward(self, text: Tensor, style: Tensor, bias: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
        model = self.synthesizer
        characters = model.characters(text)
        *before, point, noise, given = others  # the state, in the order of its fields
        outputs, phi, state = model.step(point, State(*before), characters, style)
        if not model.config.feedback:  # nothing reads the last window then, but the graph has one signature
            state = state._replace(window=state.window + 0 * before[-1])
        drawn = sample(mixture(outputs, bias.unsqueeze(1)), noise)
        offsets, forced = given.split([3, 1], dim=1)
        point = torch.where(forced > 0, offsets, drawn)
        return *state, point, point, phi, outputs


class _Density(nn.Module):
    """What the outputs of many points say: whether a line ends, and the mixture. Apart from the step, as all points are
    then computed at once."""

    def forward(self, outputs: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        found = mixture(outputs, bias.unsqueeze(1))
        density = torch.cat(
            [
                torch.exp(found.log_weights),
                found.mean_x,
                found.mean_y,
                torch.exp(found.log_deviation_x),
                torch.exp(found.log_deviation_y),
                torch.tanh(found.correlation),
            ],
            -1,
        )
        return torch.sigmoid(found.end), density


def synthesizer_to_onnx(model: Synthesizer) -> onnx.ModelProto:
    """The chunked graph, with fp32 weights.

    Inputs: text [batch, characters] (int32, 96 after the last character, then 0), style [batch, S], bias [batch], the state
    (hidden_1 to hidden_3 and cell_1 to cell_3 [batch, H], kappa [batch, K], window [batch, E], point [batch, 3]), noise [points, batch, 4] (uniform,
    normal, normal, uniform), and given [points, batch, 4]: an offset and lift to write instead of a sampled one, where the
    fourth number is 1. Zeros for the state and (0, 0, 1) for the point begin a line.

    Outputs: the state (next_…), points [points, batch, 3] in steps, phi [points, batch, characters], end [points, batch],
    the probability that a line ends with this point if it lifts, and mixture [points, batch, 6 M]: weights, means and
    deviations of x and y, correlations, the bias applied.
    """
    return to_scan(step_to_onnx(model), density_to_onnx(model.config.mixtures))


def step_to_onnx(model: Synthesizer) -> onnx.ModelProto:
    """The graph of one point."""
    sizes = model.config
    state: dict[str, Sequence[str | int]] = {
        **{name: ["batch", sizes.hidden] for name in State._fields if name[:-2] in ("hidden", "cell")},
        "kappa": ["batch", sizes.windows],
        "window": ["batch", sizes.characters],
        "point": ["batch", 3],
    }
    inputs = {"text": ["batch", "characters"], "style": ["batch", sizes.style], "bias": ["batch"], **state}
    inputs |= {"noise": ["batch", 4], "given": ["batch", 4]}
    outputs = {f"next_{name}": shape for name, shape in state.items()}
    outputs |= {"points": ["batch", 3], "phi": ["batch", "characters"], "outputs": ["batch", 2 + 6 * sizes.mixtures]}
    example = [
        torch.tensor([[5, 7, END], [9, END, 0]], dtype=torch.int32), torch.randn(2, sizes.style), torch.rand(2),
        *model.start(2), torch.tensor([[0.0, 0.0, 1.0]] * 2), torch.rand(2, 4), torch.zeros(2, 4),
    ]  # fmt: skip
    return to_onnx(_Step(model), example, inputs, outputs)


def density_to_onnx(mixtures: int) -> onnx.ModelProto:
    """The graph of `_Density`: outputs [points, batch, 2 + 6 M] and bias [batch] → end [points, batch] and mixture
    [points, batch, 6 M]."""
    size = 2 + 6 * mixtures
    inputs = {"outputs": ["points", "batch", size], "bias": ["batch"]}
    made = {"end": ["points", "batch"], "mixture": ["points", "batch", 6 * mixtures]}
    return to_onnx(_Density(), [torch.randn(3, 2, size), torch.rand(2)], inputs, made)


def to_scan(step: onnx.ModelProto, density: onnx.ModelProto) -> onnx.ModelProto:
    """Make the graph of one step the body of a Scan over the points, and put the density behind it.

    The weights go into the body: ONNX Runtime packs matrices for its products in the graph that they belong to, and unpacked
    ones are a sixth slower.
    """
    graph = step.graph
    varying = {*_STATE, *_SCANNED}
    arrays = {tensor.name: tensor for tensor in graph.initializer}
    constant = set(arrays)  # and what is computed of them alone
    still, moving = [], []
    for node in graph.node:
        moves = any(name in varying for name in node.input)
        (moving if moves else still).append(node)
        if moves:
            varying.update(node.output)
        elif all(name in constant for name in node.input):
            constant.update(node.output)
    inside, taken = _sources(moving, still, constant)
    # Outside stays what something else there reads, too.
    outside = [node for node in still if not constant.issuperset(node.output)]
    first, kept = _sources([*outside], still, constant)
    values = {value.name: value for value in (*graph.input, *graph.output)}

    def renamed(value: onnx.ValueInfoProto, name: str) -> onnx.ValueInfoProto:
        copy = onnx.ValueInfoProto()
        copy.CopyFrom(value)
        copy.name = name
        return copy

    # Names inside a body must differ from those around it.
    inner = {name: f"{name}_now" for name in (*_STATE, *_SCANNED)}
    outer_results = [*(f"next_{name}" for name in _STATE), *_MADE]
    inner |= {name: f"{name}_then" for name in outer_results}
    for node in moving:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = inner.get(name, name)
    body = helper.make_graph(
        [*inside, *moving],
        "point",
        [renamed(values[name], inner[name]) for name in (*_STATE, *_SCANNED)],
        [renamed(values[name], inner[name]) for name in outer_results],
        [arrays[name] for name in taken],
    )
    scan = helper.make_node(
        "Scan", [*_STATE, *_SCANNED], outer_results, name="points", body=body, num_scan_inputs=len(_SCANNED)
    )

    def over_points(name: str) -> onnx.ValueInfoProto:
        shape = [d.dim_param or d.dim_value for d in values[name].type.tensor_type.shape.dim]
        return helper.make_tensor_value_info(name, values[name].type.tensor_type.elem_type, ["points", *shape])

    inputs = [over_points(v.name) if v.name in _SCANNED else v for v in graph.input]
    outputs = [over_points(v.name) if v.name in _MADE else v for v in graph.output if v.name != "outputs"]
    behind = onnx.compose.add_prefix(density, "density", rename_inputs=False, rename_outputs=False).graph
    whole = helper.make_graph(
        [*first, *outside, scan, *behind.node],
        "handwriting",
        inputs,
        [*outputs, *behind.output],
        [*(arrays[name] for name in kept), *behind.initializer],
    )
    model = helper.make_model(whole, opset_imports=step.opset_import, ir_version=step.ir_version)
    onnx.checker.check_model(model)
    return model


def _sources(
    readers: Sequence[onnx.NodeProto], nodes: Sequence[onnx.NodeProto], constant: set[str]
) -> tuple[list[onnx.NodeProto], list[str]]:
    """Of what some nodes read: the nodes that compute constants, and the arrays that these or the readers read."""
    wanted = [name for node in readers for name in node.input if name in constant]
    makers = {name: node for node in nodes for name in node.output}
    needed = set()
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed.add(name)
            wanted += makers[name].input if name in makers else []
    found = [node for node in nodes if needed.intersection(node.output)]
    return found, sorted(needed.difference(makers))


def export(model: Synthesizer, models: Path, checkpoint: Path, styles: dict[str, str]) -> None:
    """Write models/handwriting and its entry in the manifest.

    Args:
        styles: writer by id of the style, in the order to show them.

    Raises:
        ValueError: the files would be larger than the app should have to load, or a writer is unknown.
    """
    graph = to_scan(quantize_weights(step_to_onnx(model)), density_to_onnx(model.config.mixtures))
    vectors = [
        {
            "id": style,
            "name": style.replace("-", " ").capitalize(),
            "vector": _rounded(synthesis.style_of(model, writer)),
        }
        for style, writer in styles.items()
    ]
    sizes = model.config
    about = {
        "characters": CHARACTERS,
        "end": END,
        "step": 1 / STEPS,
        "sizes": {
            "hidden": sizes.hidden,
            "windows": sizes.windows,
            "window": sizes.characters,
            "mixtures": sizes.mixtures,
            "style": sizes.style,
        },
        "pointsPerCharacter": synthesis.POINTS_PER_CHARACTER,
        "pointsAfterEnd": synthesis.POINTS_AFTER_END,
        "dreamPoints": synthesis.DREAM_POINTS,
        "band": [synthesis.HIGHEST, synthesis.LOWEST],
        "unprimed": _rounded(synthesis.style_of(model, None)),
        "styles": vectors,
    }
    files: dict[str, onnx.ModelProto | str] = {
        "synthesizer.onnx": graph,
        "styles.json": json.dumps(about, ensure_ascii=False, separators=(",", ":")) + "\n",
    }
    size = sum(len(c.encode()) if isinstance(c, str) else c.ByteSize() for c in files.values())
    if size > LARGEST:
        raise ValueError(f"the model would be {size / 2**20:.1f} MiB, more than 4: train a smaller one")
    command = f"python -m training.handwriting export --checkpoint {checkpoint}"
    write_model(models, "handwriting", "LSTM handwriting synthesiser", command, files)


def _rounded(vector: Tensor) -> list[float]:
    return [round(value, 4) for value in vector.tolist()]
