"""ONNX export of the small encoder: int8 weights, which ONNX Runtime turns into fp32 when it loads them."""

from pathlib import Path

import onnx
import torch

from training.export import quantize_weights, to_onnx, write_model
from training.live.model import LiveEncoder
from training.vision import FEATURES, REGIONS, SIZE

LARGEST = 5 * 2**20  # bytes


def encoder_to_onnx(encoder: LiveEncoder) -> onnx.ModelProto:
    """The graph that ships; its input and output are those of the large encoder."""
    pixels = {"pixels": ["batch", 3, SIZE, SIZE]}
    # Contiguous weights, which the exporter wants.
    plain = encoder.to(memory_format=torch.contiguous_format)
    graph = to_onnx(plain, [torch.rand(2, 3, SIZE, SIZE)], pixels, {"regions": ["batch", REGIONS, FEATURES]})
    return quantize_weights(graph)


def export(encoder: LiveEncoder, models: Path, checkpoint: Path) -> None:
    """Write models/live and its entry in the manifest.

    Raises:
        ValueError: the file would be larger than a visitor should have to load.
    """
    graph = encoder_to_onnx(encoder)
    if graph.ByteSize() > LARGEST:
        raise ValueError(f"the small encoder would be {graph.ByteSize() / 2**20:.1f} MiB, more than 5")
    command = f"python -m training.live export --checkpoint {checkpoint}"
    description = "MobileNetV2 that sees nearly what the vision encoder sees, for live captions"
    write_model(models, "live", description, command, {"encoder.onnx": graph})
