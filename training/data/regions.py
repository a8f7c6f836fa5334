"""A cache of encoder outputs on disk, for the stages that train a decoder on a frozen encoder."""

import hashlib
import os
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from tqdm import tqdm

from training.data import photos
from training.device import mixed_precision
from training.vision import FEATURES, REGIONS, ExportedEncoder, VisionEncoder


def encoder_digest(encoder: VisionEncoder | ExportedEncoder) -> str:
    """A short SHA-256 of the encoder's weights: a changed encoder never reads an old cache."""
    digest = hashlib.sha256()
    for name, value in encoder.state_dict().items():
        digest.update(name.encode())
        digest.update(value.float().numpy().tobytes())
    return digest.hexdigest()[:12]


def cached_regions(
    encoder: VisionEncoder | ExportedEncoder,
    paths: Sequence[Path],
    folder: Path,
    mirrored: bool = False,
    crop: int = 0,
    batch: int = 32,
) -> np.ndarray:
    """Regions of every photo as a read-only float16 memmap [photos, views, 49, 1664].

    Args:
        mirrored: two views of each photo, as it is and mirrored, instead of one.
        crop: 0 for whole photos; another number gives each photo another random crop (`photos.vary`).
    """
    views = 2 if mirrored else 1
    key = hashlib.sha256("\n".join(path.name for path in paths).encode()).hexdigest()[:12]
    file = folder / f"regions-{encoder_digest(encoder)}-{key}-{views}{f'-crop{crop}' if crop else ''}.npy"
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
                images = [open_crop(path, crop) for path in paths[start : start + batch]]
                for view in range(views):
                    pixels = [photos.to_pixels(ImageOps.mirror(i) if view else i) for i in images]
                    with mixed_precision(torch.device("cpu")):
                        output = encoder(torch.stack(pixels).float() / 255)
                    regions[start : start + len(images), view] = output.float().half().numpy()
        regions.flush()
        unfinished.rename(file)
    return np.load(file, mmap_mode="r")


def open_crop(path: Path, crop: int) -> Image.Image:
    """The photo as the encoder saw it for `cached_regions`: whole, or the random crop of that number."""
    image = photos.open_photo(path)
    return photos.vary(image, random.Random(f"{crop}/{path.name}")) if crop else photos.squash(image)


class PhotoRegions:
    """Cached regions by photo id, for tasks that have several things to learn about one photo."""

    def __init__(self, encoder: VisionEncoder | ExportedEncoder, folder: Path, mirrored: bool = False, crops: int = 0):
        """
        Args:
            mirrored: each view also mirrored, as the view after it.
            crops: random crops beside the whole photo.
        """
        self.encoder = encoder
        self.folder = folder
        self.mirrored = mirrored
        self.crops = crops
        self._places: dict[str, tuple[list[np.ndarray], int]] = {}

    def add(self, photos: Mapping[str, Path]) -> None:
        """Encode the photos (files by id) that are not there yet, as one cache file.

        Data sets that are added in the same order find their caches again, whatever is added after them.
        """
        new = {photo: path for photo, path in photos.items() if photo not in self._places}
        if new:
            paths = list(new.values())
            crops = [
                cached_regions(self.encoder, paths, self.folder, self.mirrored, crop) for crop in range(1 + self.crops)
            ]
            self._places |= {photo: (crops, row) for row, photo in enumerate(new)}

    @property
    def views(self) -> int:
        """Views of each photo: as it is and cropped and, where `mirrored`, each of them mirrored too (odd numbers)."""
        return (1 + self.crops) * (2 if self.mirrored else 1)

    def is_mirrored(self, view: int) -> bool:
        return self.mirrored and view % 2 == 1

    def view(self, photo: str, view: int = 0) -> np.ndarray:
        """float16 [49, 1664]."""
        crops, row = self._places[photo]
        crop, side = divmod(view, 2 if self.mirrored else 1)
        return crops[crop][row, side]

    def stack(self, photos: Iterable[str]) -> np.ndarray:
        """float32 [photos, 49, 1664] of photos as they are."""
        return np.stack([self.view(photo) for photo in photos]).astype(np.float32)
