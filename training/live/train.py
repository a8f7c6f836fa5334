"""Distillation: the small encoder learns the large one's regions, above all what the caption decoder makes of them."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import ImageOps
from torch import Tensor, nn
from torch.nn import functional

from training.captioning.decoder import Decoder
from training.captioning.train import IGNORED, LONGEST
from training.captioning.train import collate as collate_captions
from training.captioning.vocabulary import Vocabulary
from training.data import photos
from training.data.captions import CaptionedPhoto
from training.data.regions import open_crop
from training.device import device
from training.live.model import LiveEncoder

_REGIONS_SHARE = 0.25
"""Of the distance: what is no decoder's, so that regions stay regions."""


class PhotoDataset:
    """Photos, whole or cropped and mirrored by chance, with the large encoder's regions and one of their captions."""

    def __init__(
        self, captioned: Sequence[CaptionedPhoto], regions: Sequence[np.ndarray], vocabulary: Vocabulary, seed: int
    ):
        """
        Args:
            regions: by crop, the whole photo first, as `cached_regions` gives them: float16 [photos, 2, 49, 1664], as it is and
                mirrored.
        """
        self.paths = [photo.path for photo in captioned]
        self.encoded = [[vocabulary.encode(text, LONGEST) for text in photo.captions] for photo in captioned]
        self.regions = regions
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, list[int]]:
        generator = random.Random(f"{self.seed}/{self.epoch}/{index}")
        crop, view = divmod(generator.randrange(2 * len(self.regions)), 2)
        image = open_crop(self.paths[index], crop)
        pixels = photos.to_pixels(ImageOps.mirror(image) if view else image)
        regions = torch.from_numpy(self.regions[crop][index, view].astype(np.float32))
        return pixels, regions, generator.choice(self.encoded[index])


def collate(items: list[tuple[Tensor, Tensor, list[int]]]) -> dict[str, Tensor]:
    """pixels_BCHW, regions_BRD, inputs_BKT (start token first) and counted_BKT (where a word follows), with K = 1."""
    captions = collate_captions([(pixels, [caption], 0) for pixels, _, caption in items])
    return {
        "pixels": captions["photo"],
        "regions": torch.stack([regions for _, regions, _ in items]),
        "inputs": captions["inputs"],
        "counted": captions["targets"] != IGNORED,
    }


def distance(decoder: Decoder, ours_BRD: Tensor, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """How far the regions, what the decoder prepares of them, and the words that it then expects are from the large encoder's.

    The first two are squared, over their variance; the last is the Kullback-Leibler divergence along a caption, in nats a word
    (Hinton et al. 2015, section 2, at temperature 1).
    """
    theirs_BRD = batch["regions"]
    ours = [ours_BRD, *decoder.prepare(ours_BRD)]
    log_p_NV = torch.log_softmax(decoder(ours_BRD, batch["inputs"], batch["counted"]).float(), -1)
    with torch.no_grad():
        theirs = [theirs_BRD, *decoder.prepare(theirs_BRD)]
        log_q_NV = torch.log_softmax(decoder(theirs_BRD, batch["inputs"], batch["counted"]).float(), -1)
    parts = [((a - b) ** 2).mean() / b.var() for a, b in zip(ours, theirs, strict=True)]
    regions, prepared = parts[0], torch.stack(parts[1:]).mean()
    words = functional.kl_div(log_p_NV, log_q_NV, log_target=True, reduction="batchmean")
    loss = _REGIONS_SHARE * regions + (1 - _REGIONS_SHARE) * prepared + words
    return loss, {"regions": regions.item(), "prepared": prepared.item(), "words": words.item()}


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
        return distance(self.decoder, ours.float(), batch)

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
