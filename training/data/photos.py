"""From photo files to pixels: decoding, squashing to the model's square, and augmentation."""

import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from torch import Tensor

from training.vision import SIZE

_RESAMPLERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)


def open_photo(path: Path) -> Image.Image:
    """Decode a photo as RGB with its EXIF orientation applied."""
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def to_pixels(image: Image.Image) -> Tensor:
    """PIL image → uint8 [3, height, width]."""
    return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)


def squash(image: Image.Image) -> Image.Image:
    """Resize to 224×224 without keeping the aspect, as the app does (sharp's Lanczos kernel)."""
    return image if image.size == (SIZE, SIZE) else image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def augment(image: Image.Image, generator: random.Random) -> Image.Image:
    """`vary`, and mirrored half of the time."""
    image = vary(image, generator)
    return ImageOps.mirror(image) if generator.random() < 0.5 else image


def vary(image: Image.Image, generator: random.Random) -> Image.Image:
    """A random crop (at least 60 % of the area), brightness, contrast and resampler; left stays left.

    Several resamplers, because browsers and libvips do not resample alike.
    """
    width, height = image.size
    area = generator.uniform(0.6, 1.0)
    aspect = generator.uniform(0.85, 1.18)
    crop_width = min(1.0, (area * aspect) ** 0.5) * width
    crop_height = min(1.0, (area / aspect) ** 0.5) * height
    left = generator.uniform(0, width - crop_width)
    top = generator.uniform(0, height - crop_height)
    resampler = generator.choice(_RESAMPLERS)
    image = image.resize((SIZE, SIZE), resampler, box=(left, top, left + crop_width, top + crop_height))
    image = ImageEnhance.Brightness(image).enhance(generator.uniform(0.85, 1.15))
    return ImageEnhance.Contrast(image).enhance(generator.uniform(0.85, 1.15))
