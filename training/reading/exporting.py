"""ONNX export of the reader to models/handwriting/reader.onnx."""

import json
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from training.data.ink import CHARACTERS
from training.data.ink_batches import STEPS
from training.export import quantize_weights, to_onnx, write_model
from training.onnx_session import open_session
from training.reading.model import POINTS_PER_FRAME, Reader

LARGEST = 2 * 2**20  # bytes


class _Read(nn.Module):
    def __init__(self, reader: Reader):
        super().__init__()
        self.reader = reader

    def forward(self, points: Tensor) -> Tensor:
        return self.reader(points)


def reader_to_onnx(model: Reader) -> onnx.ModelProto:
    """points [batch, points, 3] in steps of a fifth of the x-height, the first leading from the left edge on the baseline
    → log-probabilities [batch, frames, 96] of three points each, 0 the blank. The number of points is a multiple of 3:
    pad with zeros."""
    return to_onnx(
        _Read(model),
        [torch.randn(2, 12, 3)],
        {"points": ["batch", "points", 3]},
        {"log_probabilities": ["batch", "frames", len(CHARACTERS) + 1]},
    )


class ExportedReader:
    """An exported `reader.onnx` run as the app runs it, int8 weights included."""

    def __init__(self, path: Path):
        """
        Raises:
            ValueError: the file is missing.
        """
        if not path.exists():
            raise ValueError(f"the exported reader {path} is missing: export a reader, or restore the file")
        self.session = open_session(path)

    def __call__(self, points: Tensor) -> Tensor:
        """points [1, T, 3] of any T → log-probabilities [1, frames, 96]."""
        padded = nn.functional.pad(points.cpu(), (0, 0, 0, -points.shape[1] % POINTS_PER_FRAME))
        return torch.from_numpy(self.session.run(None, {"points": padded.numpy()})[0])


def export(model: Reader, models: Path, checkpoint: Path) -> None:
    """Write models/handwriting/reader.onnx and its entry in the manifest.

    Raises:
        ValueError: the file would be larger than the app should have to load.
    """
    graph = quantize_weights(reader_to_onnx(model))
    if graph.ByteSize() > LARGEST:
        raise ValueError(f"the reader would be {graph.ByteSize() / 2**20:.1f} MiB, more than 2: train a smaller one")
    command = f"python -m training.reading export --checkpoint {checkpoint}"
    alphabet = json.dumps({"characters": CHARACTERS, "pointsPerFrame": POINTS_PER_FRAME, "step": 1 / STEPS}) + "\n"
    files = {"reader.onnx": graph, "reader.json": alphabet}
    write_model(models, "reading", "bidirectional LSTM reader with CTC", command, files, place="handwriting")
