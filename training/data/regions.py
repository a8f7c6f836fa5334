"""A cache of encoder outputs on disk, for the stages that train a decoder on a frozen encoder."""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import ImageOps
from tqdm import tqdm

from training.data import photos
from training.vision import FEATURES, REGIONS, VisionEncoder


def encoder_digest(encoder: VisionEncoder) -> str:
    """A short SHA-256 of the encoder's weights: a changed encoder never reads an old cache."""
    digest = hashlib.sha256()
    for name, value in encoder.state_dict().items():
        digest.update(name.encode())
        digest.update(value.float().numpy().tobytes())
    return digest.hexdigest()[:12]


def cached_regions(
    encoder: VisionEncoder, paths: Sequence[Path], folder: Path, mirrored: bool = False, batch: int = 32
) -> np.ndarray:
    """Regions of every photo as a read-only float16 memmap [photos, views, 49, 1664].

    Args:
        mirrored: two views of each photo, as it is and mirrored, instead of one.
    """
    views = 2 if mirrored else 1
    key = hashlib.sha256("\n".join(path.name for path in paths).encode()).hexdigest()[:12]
    file = folder / f"regions-{encoder_digest(encoder)}-{key}-{views}.npy"
    if int(os.environ.get("RANK", 0)) > 0:
        # Under torchrun the first process fills the cache, and the others wait for it.
        while not file.exists():
            time.sleep(1)
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part.npy")
        shape = (len(paths), views, REGIONS, FEATURES)
        regions = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.float16, shape=shape)
        encoder.eval()
        with torch.inference_mode():
            for start in tqdm(range(0, len(paths), batch), desc="encoding photos", unit="batch"):
                images = [photos.squash(photos.open_photo(path)) for path in paths[start : start + batch]]
                for view in range(views):
                    pixels = [photos.to_pixels(ImageOps.mirror(i) if view else i) for i in images]
                    with torch.autocast("cpu", torch.bfloat16):
                        output = encoder(torch.stack(pixels).float() / 255)
                    regions[start : start + len(images), view] = output.float().half().numpy()
        regions.flush()
        unfinished.rename(file)
    return np.load(file, mmap_mode="r")
