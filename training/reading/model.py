"""The reader: bidirectional LSTM layers over the points of a line, read out by CTC (Graves et al. 2006, 2009).

Shapes in names: B lines, T points, F frames (three points each), V characters and the blank.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data.ink import CHARACTERS
from training.weights import trained_weights

POINTS_PER_FRAME = 3
FEATURES = 4  # dx, dy, lift, and the height above the baseline


@dataclass(frozen=True)
class ReaderConfig:
    """Sizes: units of each direction, and layers."""

    hidden: int = 160
    layers: int = 3
    dropout: float = 0.2


class Reader(nn.Module):
    """Points in steps → logarithms of the probabilities of characters, 0 being the blank."""

    def __init__(self, config: ReaderConfig):
        super().__init__()
        self.config = config
        dropout = config.dropout if config.layers > 1 else 0.0
        # One LSTM a layer, because the export quantises layer by layer.
        self.layers = nn.ModuleList()
        width = POINTS_PER_FRAME * FEATURES
        for _ in range(config.layers):
            self.layers.append(nn.LSTM(width, config.hidden, bidirectional=True, batch_first=True))
            width = 2 * config.hidden
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, len(CHARACTERS) + 1)

    def forward(self, offsets: Tensor, lengths: Tensor | None = None) -> Tensor:
        """log-probabilities [B, F, V], F = ⌈T / 3⌉.

        Args:
            offsets: [B, T, 3] in steps, zero-padded.
            lengths: [B] points; None where no line is padded.
        """
        frames = to_frames(offsets)
        found = frames
        for i, layer in enumerate(self.layers):
            if i:
                found = self.dropout(found)
            if lengths is None:
                found, _ = layer(found)
            else:
                # The backward direction must not begin in the padding.
                sizes = frame_lengths(lengths).cpu()
                packed = nn.utils.rnn.pack_padded_sequence(found, sizes, batch_first=True, enforce_sorted=False)
                found, _ = layer(packed)
                found, _ = nn.utils.rnn.pad_packed_sequence(found, batch_first=True, total_length=frames.shape[1])
        return F.log_softmax(self.output(found).float(), dim=-1)


def to_frames(offsets: Tensor) -> Tensor:
    """[B, F, 12] of [B, T, 3]: three points side by side with their heights, in x-heights."""
    height = offsets[..., 1:2].cumsum(1) / 5
    points = torch.cat([offsets, height.clamp(-6, 6)], -1)
    missing = -offsets.shape[1] % POINTS_PER_FRAME
    points = F.pad(points, (0, 0, 0, missing))
    return points.unflatten(1, (-1, POINTS_PER_FRAME)).flatten(2)


def frame_lengths(lengths: Tensor) -> Tensor:
    return torch.div(lengths + POINTS_PER_FRAME - 1, POINTS_PER_FRAME, rounding_mode="floor")


def checkpoint_extra(model: Reader) -> dict[str, Any]:
    """What `load` needs beside the weights."""
    return {"reader": asdict(model.config)}


def load(path: Path) -> Reader:
    """The model of a `best.pt` or `last.pt` in evaluation mode (averaged weights where there are any).

    Raises:
        ValueError: the file is missing or is no checkpoint of this task.
    """
    if not path.exists():
        raise ValueError(f"the checkpoint {path} does not exist: train one with `python -m training.reading train`")
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "reader" not in content:
        raise ValueError(f"{path} is not a checkpoint of `python -m training.reading train`")
    model = Reader(ReaderConfig(**content["reader"]))
    model.load_state_dict(trained_weights(path))
    return model.eval()
