"""The synthesis network (Graves 2013, section 5): three LSTM layers with skips, a window over the characters, a mixture.

Shapes in names: T points, B lines, H units, E numbers a character, U characters with the end, K window components.
"""

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from training.data.ink import CHARACTERS, PAD
from training.handwriting.window import WindowedLSTM, parallel_window, window
from training.weights import trained_weights

END = len(CHARACTERS) + 1  # the character after the last one
UNKNOWN = 0  # the writer of whom nothing is known
_POINTS_PER_CHARACTER = 17  # in the data; the window starts out at this pace


@dataclass(frozen=True)
class SynthesizerConfig:
    """Sizes.

    Attributes:
        writers: names whose styles are learnt; the rows of the embedding after the unknown one.
        feedback: whether the first layer sees the last window, as in Graves; without it training is faster, as the first
            layer and the window run over all points at once.
    """

    writers: list[str] = field(default_factory=list)
    hidden: int = 400
    mixtures: int = 20
    windows: int = 10
    characters: int = 64
    style: int = 32
    feedback: bool = True


class State(NamedTuple):
    """Between two points: hidden and cell of each layer [B, H], kappa [B, K], the window [B, E]."""

    hidden_1: Tensor
    hidden_2: Tensor
    hidden_3: Tensor
    cell_1: Tensor
    cell_2: Tensor
    cell_3: Tensor
    kappa: Tensor
    window: Tensor


class Synthesizer(nn.Module):
    """Predicts each point from those before it, the characters and the style."""

    def __init__(self, config: SynthesizerConfig):
        super().__init__()
        self.config = config
        size = config.characters
        self.characters = nn.Embedding(END + 1, size, padding_idx=PAD)
        self.styles = nn.Embedding(len(config.writers) + 1, config.style)
        nn.init.normal_(self.styles.weight, std=0.3)
        with torch.no_grad():
            self.styles.weight[UNKNOWN] = 0
        inputs = 3 + config.style
        self.first = nn.LSTM(inputs + (size if config.feedback else 0), config.hidden)
        self.second = nn.LSTM(inputs + size + config.hidden, config.hidden)
        self.third = nn.LSTM(inputs + size + config.hidden, config.hidden)
        self.to_window = nn.Linear(config.hidden, 3 * config.windows)
        self.output = nn.Linear(3 * config.hidden, 2 + 6 * config.mixtures)
        with torch.no_grad():
            # κ moves a character in as many points as writing takes, φ sums to about 1, and the layers remember.
            nn.init.normal_(self.to_window.weight, std=0.01)
            pace = math.log(1 / _POINTS_PER_CHARACTER)
            self.to_window.bias.copy_(
                torch.tensor([-math.log(config.windows), 0.0, pace]).repeat_interleave(config.windows)
            )
            for layer in (self.first, self.second, self.third):
                layer.bias_ih_l0[config.hidden : 2 * config.hidden] = 1.0
            # Components start apart from each other, around where points are.
            spread = torch.linspace(0, 2 * math.pi, config.mixtures + 1)[:-1]
            m = config.mixtures
            self.output.bias[2 + m : 2 + 3 * m] = torch.cat([spread.cos(), spread.sin()])

    def forward(self, offsets: Tensor, text: Tensor, writers: Tensor) -> Tensor:
        """Outputs [T, B, 2 + 6 M] for each point from those before it (see `mixture.py`).

        Args:
            offsets: [B, T, 3] of whole lines, in steps.
            text: [B, U] with `END`.
            writers: [B], rows of the styles.
        """
        styles = self.styles(writers)
        points = offsets.transpose(0, 1)
        # Before a line the pen is up.
        start = torch.tensor([0.0, 0.0, 1.0], device=points.device, dtype=points.dtype).expand(1, points.shape[1], 3)
        points = torch.cat([start, points[:-1]])
        inputs = torch.cat([points, styles.expand(len(points), *styles.shape)], -1)
        characters = self.characters(text)
        if self.config.feedback:
            first, windows = self._windowed(inputs, characters)
        else:
            first, _ = self.first(inputs)
            with torch.autocast(first.device.type, enabled=False):  # the sum of κ needs its digits
                found = nn.functional.linear(first.to(characters.dtype), self.to_window.weight, self.to_window.bias)
                windows, _ = parallel_window(found, characters)
        # Put together in the dtype of the products: half the bytes to move under autocast.
        dtype = _product_dtype(inputs)
        inputs, windows, first = inputs.to(dtype), windows.to(dtype), first.to(dtype)
        second, _ = self.second(torch.cat([inputs, windows, first], -1))
        third, _ = self.third(torch.cat([inputs, windows, second.to(dtype)], -1))
        return self.output(torch.cat([first, second.to(dtype), third.to(dtype)], -1))

    def _windowed(self, inputs: Tensor, characters: Tensor) -> tuple[Tensor, Tensor]:
        kind, dtype = inputs.device.type, _product_dtype(inputs)
        layer = self.first
        into, from_window = layer.weight_ih_l0.split([inputs.shape[-1], self.config.characters], dim=1)
        gates = nn.functional.linear(inputs, into, layer.bias_ih_l0 + layer.bias_hh_l0).to(inputs.dtype)
        with torch.autocast(kind, enabled=False):
            hidden, windows, _ = WindowedLSTM.apply(
                gates, layer.weight_hh_l0, from_window, self.to_window.weight, self.to_window.bias, characters, dtype
            )
        return hidden, windows

    def start(self, batch: int) -> State:
        """The state before a line."""
        weight = self.output.weight
        zeros = weight.new_zeros
        layers = [zeros(batch, self.config.hidden) for _ in range(6)]
        return State(*layers, zeros(batch, self.config.windows), zeros(batch, self.config.characters))

    def step(self, point: Tensor, state: State, characters: Tensor, style: Tensor) -> tuple[Tensor, Tensor, State]:
        """One point.

        Args:
            point: [B, 3], the last one in steps.
            characters: [B, U, E], the embeddings of the text.
            style: [B, S].

        Returns:
            outputs [B, 2 + 6 M] for the next point, phi [B, U], and the state.
        """
        inputs = torch.cat([point, style], -1)
        before = [inputs, state.window] if self.config.feedback else [inputs]
        hidden_1, cell_1 = _cell(self.first, torch.cat(before, -1), state.hidden_1, state.cell_1)
        positions = torch.arange(characters.shape[1], device=point.device, dtype=characters.dtype)
        kappa, parts, *_ = window(self.to_window(hidden_1), state.kappa, positions)
        # As a product, which adds up the same way for one line as for many: ONNX Runtime's sum does not.
        phi = (parts.new_ones(1, self.config.windows) @ parts).squeeze(1)
        seen = (phi.unsqueeze(1) @ characters).squeeze(1)
        hidden_2, cell_2 = _cell(self.second, torch.cat([inputs, seen, hidden_1], -1), state.hidden_2, state.cell_2)
        hidden_3, cell_3 = _cell(self.third, torch.cat([inputs, seen, hidden_2], -1), state.hidden_3, state.cell_3)
        outputs = self.output(torch.cat([hidden_1, hidden_2, hidden_3], -1))
        return outputs, phi, State(hidden_1, hidden_2, hidden_3, cell_1, cell_2, cell_3, kappa, seen)


def _product_dtype(tensor: Tensor) -> torch.dtype:
    kind = tensor.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else tensor.dtype


def _cell(layer: nn.LSTM, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
    """One step of a layer, as one product: the export stores one matrix a layer."""
    weight = torch.cat([layer.weight_ih_l0, layer.weight_hh_l0], 1)
    gates = nn.functional.linear(torch.cat([inputs, hidden], -1), weight, layer.bias_ih_l0 + layer.bias_hh_l0)
    i, f, g, o = gates.split(layer.hidden_size, dim=-1)
    cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(cell), cell


def checkpoint_extra(model: Synthesizer) -> dict[str, Any]:
    """What `load` needs beside the weights."""
    return {"synthesizer": asdict(model.config)}


def load(path: Path) -> Synthesizer:
    """The model of a `best.pt` or `last.pt` in evaluation mode (averaged weights where there are any).

    Raises:
        ValueError: the file is missing or is no checkpoint of this task.
    """
    if not path.exists():
        raise ValueError(f"the checkpoint {path} does not exist: train one with `python -m training.handwriting train`")
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "synthesizer" not in content:
        raise ValueError(f"{path} is not a checkpoint of `python -m training.handwriting train`")
    model = Synthesizer(SynthesizerConfig(**content["synthesizer"]))
    model.load_state_dict(trained_weights(path))
    return model.eval()
