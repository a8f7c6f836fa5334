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
        # Two plain LSTMs a layer: lines of different lengths need no packing, which is slow, when each is turned around
        # within its own length.
        self.ahead, self.back = nn.ModuleList(), nn.ModuleList()
        width = POINTS_PER_FRAME * FEATURES
        for _ in range(config.layers):
            self.ahead.append(nn.LSTM(width, config.hidden, batch_first=True))
            self.back.append(nn.LSTM(width, config.hidden, batch_first=True))
            width = 2 * config.hidden
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, len(CHARACTERS) + 1)

    def forward(self, offsets: Tensor, lengths: Tensor | None = None) -> Tensor:
        """log-probabilities [B, F, V], F = ⌈T / 3⌉.

        Args:
            offsets: [B, T, 3] in steps, zero-padded.
            lengths: [B] points; None where no line is padded.
        """
        found = to_frames(offsets)
        turned = None if lengths is None else _turned(frame_lengths(lengths), found.shape[1])
        for i, (ahead, back) in enumerate(zip(self.ahead, self.back, strict=True)):
            if i:
                found = self.dropout(found)
            # The zeros are written out so that the export does not keep the example's number of lines.
            zeros = found.new_zeros(1, offsets.shape[0], self.config.hidden)
            forth, _ = ahead(found, (zeros, zeros))
            inverse, _ = back(_turn(found, turned), (zeros, zeros))
            found = torch.cat([forth, _turn(inverse, turned)], -1)
        return F.log_softmax(self.output(found).float(), dim=-1)


def _turned(lengths: Tensor, frames: int) -> Tensor:
    """[B, F]: the places that turn each line around and leave its padding where it is."""
    places = torch.arange(frames, device=lengths.device).unsqueeze(0)
    return torch.where(places < lengths.unsqueeze(1), lengths.unsqueeze(1) - 1 - places, places)


def _turn(values: Tensor, places: Tensor | None) -> Tensor:
    if places is None:
        return values.flip(1)
    return values.gather(1, places.unsqueeze(-1).expand_as(values))


def to_frames(offsets: Tensor) -> Tensor:
    """[B, F, 12] of [B, T, 3]: three points side by side with their heights, in x-heights."""
    height = offsets[..., 1:2].cumsum(1) / 5
    points = torch.cat([offsets, height.clamp(-6, 6)], -1)
    missing = -offsets.shape[1] % POINTS_PER_FRAME
    points = F.pad(points, (0, 0, 0, missing))
    return points.reshape(offsets.shape[0], -1, POINTS_PER_FRAME * FEATURES)


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
