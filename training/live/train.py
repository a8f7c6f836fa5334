"""Distillation: the small encoder learns the large one's regions, above all what the caption decoder makes of them."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import ImageOps
from torch import Tensor, nn

from training.captioning.decoder import Decoder
from training.data import photos
from training.device import device
from training.live.model import LiveEncoder

_REGIONS_SHARE = 0.25
"""Of the loss: what is no decoder's, so that regions stay regions."""


class PhotoDataset:
    """Photos with the large encoder's regions, as they are and mirrored by chance."""

    def __init__(self, paths: Sequence[Path], regions: np.ndarray, seed: int):
        """
        Args:
            regions: float16 [photos, 2, 49, 1664], of each photo as it is and mirrored.
        """
        self.paths = paths
        self.regions = regions
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        view = random.Random(f"{self.seed}/{self.epoch}/{index}").randrange(2)
        image = photos.squash(photos.open_photo(self.paths[index]))
        pixels = photos.to_pixels(ImageOps.mirror(image) if view else image)
        return pixels, torch.from_numpy(self.regions[index, view].astype(np.float32))


def collate(items: list[tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    pixels, regions = zip(*items, strict=True)
    return {"pixels": torch.stack(pixels), "regions": torch.stack(regions)}


def distance(decoder: Decoder, ours_BRD: Tensor, theirs_BRD: Tensor) -> tuple[Tensor, dict[str, float]]:
    """How far the regions, and what the decoder prepares of them, are from the large encoder's: squared, over their variance."""
    ours = [ours_BRD, *decoder.prepare(ours_BRD)]
    with torch.no_grad():
        theirs = [theirs_BRD, *decoder.prepare(theirs_BRD)]
    parts = [((a - b) ** 2).mean() / b.var() for a, b in zip(ours, theirs, strict=True)]
    regions, prepared = parts[0], torch.stack(parts[1:]).mean()
    loss = _REGIONS_SHARE * regions + (1 - _REGIONS_SHARE) * prepared
    return loss, {"regions": regions.item(), "prepared": prepared.item()}


class LiveEncoderTask:
    """What the loop needs to train the small encoder."""

    collate = staticmethod(collate)
    best_metric = "negative distance"

    def __init__(self, model: LiveEncoder, decoder: Decoder, dataset: PhotoDataset, dev: PhotoDataset, rate: float):
        self.model = model
        self.decoder = decoder.eval().requires_grad_(False).to(device())
        self.dataset = dataset
        self.dev = dev
        self.rate = rate

    def parameter_groups(self) -> list[dict[str, Any]]:
        # What is new learns faster than what knows ImageNet.
        new = list(self.model.project.parameters())
        known = [p for name, p in self.model.named_parameters() if p.requires_grad and not name.startswith("project.")]
        return [{"params": known, "lr": self.rate}, {"params": new, "lr": 3 * self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        ours = model(batch["pixels"].float() / 255)
        return distance(self.decoder, ours.float(), batch["regions"])

    @torch.inference_mode()
    def validate(self, model: nn.Module) -> dict[str, float]:
        """The mean distance on dev photos as they are; negative, as the loop looks for the highest score."""
        model.eval()
        self.dev.set_epoch(0)
        total, count = 0.0, 0
        for start in range(0, len(self.dev), 32):
            batch = collate([self.dev[i] for i in range(start, min(start + 32, len(self.dev)))])
            batch = {name: value.to(device()) for name, value in batch.items()}
            total += self.loss(model, batch)[0].item() * len(batch["pixels"])
            count += len(batch["pixels"])
        return {"negative distance": -total / count}

    def checkpoint_extra(self) -> dict[str, Any]:
        return {}
