"""ONNX export of the language model: one graph that reads and writes several characters in a run, noise being an input.

One step is traced and becomes the body of a Scan over the characters, as one that is drawn is what the next step reads.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn
from torch.nn import functional as F

from training.export import quantize_weights, to_onnx, write_model
from training.language.characters import Characters
from training.language.dataset import BREAK
from training.language.model import LanguageModel
from training.weights import read_weights

LARGEST = 2 * 2**20  # bytes of all files
DRAWN = -1  # the id given where a character is to be drawn
_STATE = ("hidden", "cell")
_SCANNED = ("given", "perturbation")
_MADE = ("characters", "surprise", "memory")


class _Step(nn.Module):
    """One character: the given one or a drawn one, how surprising it was, and what the cell holds once it is read."""

    def __init__(self, model: LanguageModel):
        super().__init__()
        self.model = model

    def forward(
        self, hidden_BH: Tensor, cell_BH: Tensor, given_B: Tensor, perturbation_BV: Tensor
    ) -> tuple[Tensor, ...]:
        model, lstm = self.model, self.model.lstm
        logits_BV = model.output(hidden_BH)
        # The largest of the logits, each perturbed by Gumbel noise times T, is a draw from softmax(logits / T).
        drawn_B = (logits_BV + perturbation_BV).argmax(-1).to(torch.int32)
        character_B = torch.where(given_B == DRAWN, drawn_B, given_B)
        bits_BV = -torch.log_softmax(logits_BV, -1) / math.log(2)
        surprise_B = bits_BV.gather(1, character_B.long().unsqueeze(1)).squeeze(1)
        gates_BG = F.linear(model.inputs(character_B.long()), lstm.weight_ih_l0, lstm.bias_ih_l0)
        gates_BG = gates_BG + F.linear(hidden_BH, lstm.weight_hh_l0, lstm.bias_hh_l0)
        i_BH, f_BH, g_BH, o_BH = gates_BG.split(model.config.hidden, dim=1)
        cell_BH = torch.sigmoid(f_BH) * cell_BH + torch.sigmoid(i_BH) * torch.tanh(g_BH)
        hidden_BH = torch.sigmoid(o_BH) * torch.tanh(cell_BH)
        # The memory is put out for each character, and hands itself on to the next.
        return hidden_BH, cell_BH, character_B, surprise_B, cell_BH + 0


def step_to_onnx(model: LanguageModel) -> onnx.ModelProto:
    """The graph of one character."""
    sizes = model.config
    state = {name: ["batch", sizes.hidden] for name in _STATE}
    example = [
        torch.randn(2, sizes.hidden),
        torch.randn(2, sizes.hidden),
        torch.tensor([1, DRAWN], dtype=torch.int32),
        torch.rand(2, sizes.characters),
    ]
    return to_onnx(
        _Step(model),
        example,
        {**state, "given": ["batch"], "perturbation": ["batch", sizes.characters]},
        {
            **{f"next_{name}": shape for name, shape in state.items()},
            "characters": ["batch"],
            "surprise": ["batch"],
            "memory": ["batch", sizes.hidden],
        },
    )


def to_scan(step: onnx.ModelProto) -> onnx.ModelProto:
    """The graph of many characters.

    Inputs: hidden and cell [batch, H], zeros before a text; given [characters, batch] (int32), the id of a character, or −1 for
    one to be drawn; noise [characters, batch, V], uniform between 0 and 1; temperature [batch], 0 to take the likeliest.

    Outputs: next_hidden and next_cell; characters [characters, batch] (int32); surprise [characters, batch], −log₂ p at
    temperature 1; memory [characters, batch, H], c once the character is read.

    The weights go into the body: ONNX Runtime packs matrices for its products in the graph that they belong to.
    """
    graph = step.graph
    values = {value.name: value for value in (*graph.input, *graph.output)}
    inner = {name: f"{name}_now" for name in (*_STATE, *_SCANNED)}
    results = [*(f"next_{name}" for name in _STATE), *_MADE]
    inner |= {name: f"{name}_then" for name in results}

    def renamed(name: str) -> onnx.ValueInfoProto:
        copy = onnx.ValueInfoProto()
        copy.CopyFrom(values[name])
        copy.name = inner[name]
        return copy

    def over_characters(name: str) -> onnx.ValueInfoProto:
        tensor = values[name].type.tensor_type
        shape = [d.dim_param or d.dim_value for d in tensor.shape.dim]
        return helper.make_tensor_value_info(name, tensor.elem_type, ["characters", *shape])

    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = inner.get(name, name)
    body = helper.make_graph(
        graph.node,
        "character",
        [renamed(name) for name in (*_STATE, *_SCANNED)],
        [renamed(name) for name in results],
        graph.initializer,
    )
    # Gumbel's distribution: −log(−log u).
    nodes = [
        helper.make_node("Log", ["noise"], ["log_noise"]),
        helper.make_node("Neg", ["log_noise"], ["exponential"]),
        helper.make_node("Log", ["exponential"], ["log_exponential"]),
        helper.make_node("Neg", ["log_exponential"], ["gumbel"]),
        helper.make_node("Unsqueeze", ["temperature", "last_axis"], ["temperature_column"]),
        helper.make_node("Mul", ["gumbel", "temperature_column"], ["perturbation"]),
        helper.make_node(
            "Scan", [*_STATE, *_SCANNED], results, name="characters", body=body, num_scan_inputs=len(_SCANNED)
        ),
    ]
    noise = over_characters("perturbation")
    noise.name = "noise"
    whole = helper.make_graph(
        nodes,
        "language",
        [
            *(values[name] for name in _STATE),
            over_characters("given"),
            noise,
            helper.make_tensor_value_info("temperature", TensorProto.FLOAT, ["batch"]),
        ],
        [*(values[f"next_{name}"] for name in _STATE), *(over_characters(name) for name in _MADE)],
        [onnx.numpy_helper.from_array(np.array([1], np.int64), "last_axis")],
    )
    model = helper.make_model(whole, opset_imports=step.opset_import, ir_version=step.ir_version)
    onnx.checker.check_model(model)
    return model


def writer_to_onnx(model: LanguageModel) -> onnx.ModelProto:
    """The graph that ships: `to_scan` with int8 weights."""
    return to_scan(quantize_weights(step_to_onnx(model)))


def export(
    model: LanguageModel,
    characters: Characters,
    units: Sequence[dict],
    maps: dict[str, list[dict]],
    models: Path,
    checkpoint: Path,
) -> None:
    """Write models/language and its entry in the manifest.

    Raises:
        ValueError: the files would be larger than the app should have to load.
    """

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"

    files: dict[str, onnx.ModelProto | str] = {
        "writer.onnx": writer_to_onnx(model),
        "characters.json": compact({"characters": characters.known, "begin": BREAK, "hidden": model.config.hidden}),
        "units.json": compact(list(units)),
        "map.json": compact(maps),
    }
    size = sum(len(c.encode()) if isinstance(c, str) else c.ByteSize() for c in files.values())
    if size > LARGEST:
        raise ValueError(f"the language model would be {size / 2**20:.1f} MiB, more than 2: train a smaller one")
    command = f"python -m training.language export --austen data/austen --checkpoint {checkpoint}"
    description = f"LSTM language model over characters, {model.config.hidden} units"
    write_model(models, "language", description, command, files)


def exported_surprise(folder: Path, ids_N: np.ndarray, chunk: int = 500) -> np.ndarray:
    """−log₂ p of each character but the first, by the exported graph on ONNX Runtime."""
    session = onnxruntime.InferenceSession(folder / "writer.onnx", providers=["CPUExecutionProvider"])
    sizes = {value.name: value.shape[-1] for value in session.get_inputs()}
    state = {name: np.zeros((1, sizes[name]), np.float32) for name in _STATE}
    found = []
    for start in range(0, len(ids_N), chunk):
        part_T = ids_N[start : start + chunk].astype(np.int32)
        feeds = {
            **state,
            "given": part_T[:, None],
            "noise": np.full((len(part_T), 1, sizes["noise"]), 0.5, np.float32),
            "temperature": np.zeros(1, np.float32),
        }
        hidden, cell, surprise_T1 = session.run(["next_hidden", "next_cell", "surprise"], feeds)
        state = {"hidden": hidden, "cell": cell}
        found.append(surprise_T1[:, 0])
    return np.concatenate(found)[1:]


def count_weights(folder: Path) -> int:
    """How many weights the exported graph has."""
    return sum(value.size for value in read_weights(onnx.load(folder / "writer.onnx").graph).values())
