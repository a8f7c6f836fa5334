"""Training a captioner: cross-entropy on frozen regions, fine-tuning of the encoder, self-critical training."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import Dataset

from training.captioning.decoder import Decoder
from training.captioning.model import Captioner, checkpoint_extra
from training.captioning.search import Hypothesis, beam_search, sample
from training.captioning.vocabulary import END, START, Vocabulary
from training.data import photos
from training.data.captions import CaptionedPhoto
from training.device import device, mixed_precision
from training.metrics import captions as caption_metrics
from training.metrics.cider import CiderD

LONGEST = 20  # words of a caption, the end token not counted
IGNORED = -100  # targets that stand behind a caption's end


class CaptionDataset(Dataset):
    """Photos (augmented pixels, or cached regions of a random view) with some of their captions."""

    def __init__(
        self,
        captioned: Sequence[CaptionedPhoto],
        vocabulary: Vocabulary,
        seed: int,
        regions: np.ndarray | None = None,
        references: int = 5,
    ):
        """
        Args:
            regions: what `cached_regions` gives for the photos; without it the photos are read and augmented.
            references: captions of a photo that one training step sees.
        """
        self.captioned = captioned
        self.encoded = [[vocabulary.encode(text, LONGEST) for text in photo.captions] for photo in captioned]
        self.regions = regions
        self.references = references
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.captioned)

    def __getitem__(self, index: int) -> tuple[Tensor, list[list[int]], int]:
        generator = random.Random(f"{self.seed}/{self.epoch}/{index}")
        if self.regions is None:
            image = photos.augment(photos.open_photo(self.captioned[index].path), generator)
            photo = photos.to_pixels(image)
        else:
            view = generator.randrange(self.regions.shape[1])
            photo = torch.from_numpy(self.regions[index, view].copy())
        references = self.encoded[index]
        if len(references) > self.references:
            references = generator.sample(references, self.references)
        return photo, references, index


def collate(samples: list[tuple[Tensor, list[list[int]], int]]) -> dict[str, Tensor]:
    """photo [B, …], inputs_BKT (start token first), targets_BKT (ignored where padded), index_B."""
    K = max(len(references) for _, references, _ in samples)
    T = max(len(reference) for _, references, _ in samples for reference in references)
    inputs = torch.full((len(samples), K, T), END)
    targets = torch.full((len(samples), K, T), IGNORED)
    for b, (_, references, _) in enumerate(samples):
        for k, reference in enumerate(references):
            targets[b, k, : len(reference)] = torch.tensor(reference)
            inputs[b, k, : len(reference)] = torch.tensor([START, *reference[:-1]])
    photo = torch.stack([photo for photo, _, _ in samples])
    return {"photo": photo, "inputs": inputs, "targets": targets, "index": torch.tensor([i for *_, i in samples])}


def cross_entropy(model: nn.Module, batch: dict[str, Tensor], smoothing: float) -> Tensor:
    """Mean over the words of all references, with label smoothing (Szegedy et al. 2016, section 7)."""
    counted = batch["targets"] != IGNORED
    logits = model(batch["photo"], batch["inputs"], counted)
    return functional.cross_entropy(logits.float(), batch["targets"][counted], label_smoothing=smoothing)


class CaptioningTask:
    """Cross-entropy training; gradients reach the encoder when `vision_rate` is above 0."""

    collate = staticmethod(collate)
    best_metric = "CIDEr"

    def __init__(
        self,
        model: Captioner,
        vocabulary: Vocabulary,
        dataset: CaptionDataset,
        dev: dict[str, tuple[Sequence[CaptionedPhoto], np.ndarray | None]],
        rate: float = 1e-3,
        vision_rate: float = 0.0,
        smoothing: float = 0.1,
    ):
        """
        Args:
            dev: for each dev set its photos and, when the encoder is frozen, their regions [photos, views, 49, 1664].
                `CIDEr` of the first one chooses the best checkpoint.
        """
        self.model = model
        self.vocabulary = vocabulary
        self.dataset = dataset
        self.dev = dev
        self.rate = rate
        self.vision_rate = vision_rate
        self.smoothing = smoothing
        model.vision.requires_grad_(False)
        if vision_rate > 0:
            for module in model.vision.blocks.modules():
                if not isinstance(module, nn.BatchNorm2d):
                    for parameter in module.parameters(recurse=False):
                        parameter.requires_grad_(True)

    def parameter_groups(self) -> list[dict[str, Any]]:
        groups = [{"params": list(self.model.decoder.parameters()), "lr": self.rate}]
        if self.vision_rate > 0:
            trained = [p for p in self.model.vision.parameters() if p.requires_grad]
            groups.append({"params": trained, "lr": self.vision_rate})
        return groups

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        return cross_entropy(model, batch, self.smoothing), {}

    def validate(self, model: nn.Module) -> dict[str, float]:
        scores: dict[str, float] = {}
        for number, (name, (captioned, regions)) in enumerate(self.dev.items()):
            captions = caption_photos(model, self.vocabulary, captioned, regions)
            result = caption_metrics.score(captions, references_of(captioned), meteor=False)
            prefix = "" if number == 0 else f"{name} "
            scores |= {f"{prefix}{key}": result[key] for key in ("CIDEr", "BLEU-4")}
            if number == 0:
                scores |= caption_metrics.diversity(list(captions.values()))
        return scores

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model, self.vocabulary)


class DistillationTask(CaptioningTask):
    """Knowledge distillation (Hinton et al. 2015, section 2): for each word of the references the student learns the mean
    of what several teachers expect there, at temperature 1, and some cross-entropy keeps it at the references.

    Teachers read the regions that the student reads, so they must share its encoder and its vocabulary.
    """

    def __init__(self, *arguments: Any, teachers: Sequence[Decoder], cross_entropy_share: float = 0.3, **options: Any):
        super().__init__(*arguments, **options)
        self.teachers = [teacher.eval().requires_grad_(False).to(device()) for teacher in teachers]
        self.cross_entropy_share = cross_entropy_share

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        regions_BRD = batch["photo"].float()
        counted = batch["targets"] != IGNORED
        with torch.no_grad():
            expected_NV = sum(
                torch.softmax(teacher(regions_BRD, batch["inputs"], counted).float(), -1) for teacher in self.teachers
            ) / len(self.teachers)
        log_p_NV = torch.log_softmax(model(regions_BRD, batch["inputs"], counted).float(), -1)
        distilled = -(expected_NV * log_p_NV).sum(-1).mean()
        language = functional.nll_loss(log_p_NV, batch["targets"][counted])
        share = self.cross_entropy_share
        return (1 - share) * distilled + share * language, {"cross-entropy": language.item()}


class SelfCriticalTask(CaptioningTask):
    """Self-critical training (Rennie et al. 2017) with several samples a photo: each sample's baseline is the mean
    reward of the others (Luo 2020, eq. 4), and some cross-entropy keeps the language.

    The reward is CIDEr-D with the end token counted as a word, so that ending in mid-phrase costs.
    """

    best_metric = "CIDEr"

    def __init__(self, *arguments: Any, samples: int = 5, cross_entropy_share: float = 0.2, **options: Any):
        super().__init__(*arguments, **options)
        self.samples = samples
        self.cross_entropy_share = cross_entropy_share
        self.cider = CiderD(self.dataset.encoded)

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        captioner = model.module if hasattr(model, "module") else model
        regions = captioner.regions(batch["photo"])
        sampled_BKT = sample(captioner.decoder, regions.detach(), self.samples, LONGEST)
        rewards_BK = self._rewards(batch["index"].tolist(), sampled_BKT.tolist()).to(regions.device)
        advantage_BK = (rewards_BK - rewards_BK.mean(1, keepdim=True)) * self.samples / (self.samples - 1)

        # A sample's tokens up to and including its end token.
        ended_BKT = sampled_BKT == END
        counted_BKT = (torch.cumsum(ended_BKT, -1) - ended_BKT.long()) == 0
        inputs_BKT = functional.pad(sampled_BKT[..., :-1], (1, 0), value=START)
        # One forward pass for the samples and the references: they share the photo's regions.
        T = max(inputs_BKT.shape[2], batch["inputs"].shape[2])
        inputs = torch.cat([_pad(inputs_BKT, T, END), _pad(batch["inputs"], T, END)], dim=1)
        targets = torch.cat([_pad(sampled_BKT, T, END), _pad(batch["targets"], T, IGNORED)], dim=1)
        select = torch.cat([_pad(counted_BKT, T, False), _pad(batch["targets"] != IGNORED, T, False)], dim=1)
        advantage = (
            functional.pad(advantage_BK, (0, targets.shape[1] - self.samples)).unsqueeze(-1).expand(select.shape)
        )
        logits = model(regions, inputs, select).float()
        caption_K = torch.arange(select.shape[1], device=select.device)
        from_sample = (caption_K < self.samples).view(1, -1, 1).expand(select.shape)[select]
        log_p = torch.log_softmax(logits[from_sample], -1)
        chosen = log_p.gather(-1, targets[select][from_sample].unsqueeze(-1)).squeeze(-1)
        policy = -(advantage[select][from_sample] * chosen).mean()
        language = functional.cross_entropy(
            logits[~from_sample], targets[select][~from_sample], label_smoothing=self.smoothing
        )
        loss = policy + self.cross_entropy_share * language
        return loss, {"reward": rewards_BK.mean().item(), "cross-entropy": language.item()}

    def _rewards(self, indices: list[int], sampled: list[list[list[int]]]) -> Tensor:
        rewards = []
        for index, captions in zip(indices, sampled, strict=True):
            rewards.append([self.cider.score(index, tokens[: _length(tokens)]) for tokens in captions])
        return torch.tensor(rewards)


def _length(tokens: list[int]) -> int:
    return tokens.index(END) + 1 if END in tokens else len(tokens)


def _pad(tokens_BKT: Tensor, length: int, value: int | bool) -> Tensor:
    return functional.pad(tokens_BKT, (0, length - tokens_BKT.shape[2]), value=value)


def references_of(captioned: Sequence[CaptionedPhoto]) -> dict[str, list[str]]:
    """The reference captions by photo id."""
    return {photo.id: list(photo.captions) for photo in captioned}


@dataclass(frozen=True)
class Consensus:
    """Re-ranking by minimum Bayes risk: of the beam's captions the one that agrees most with samples (Kumar and Byrne 2004,
    with CIDEr-D as the gain)."""

    cider: CiderD  # for its document frequencies
    samples: int = 40
    temperature: float = 0.7

    def best(self, decoder: Decoder, regions_BRD: Tensor, found: list[list[Hypothesis]]) -> list[Hypothesis]:
        """The hypothesis of each photo that agrees most with the samples."""
        sampled = sample(decoder, regions_BRD, self.samples, LONGEST, self.temperature).tolist()
        chosen = []
        for hypotheses, tokens in zip(found, sampled, strict=True):
            others = [other[: _length(other)] for other in tokens]
            scores = self.cider.agreement([[*h.tokens, END] for h in hypotheses], others)
            chosen.append(max(zip(scores, hypotheses, strict=True), key=lambda pair: pair[0])[1])
        return chosen


@torch.inference_mode()
def caption_photos(
    model: Captioner,
    vocabulary: Vocabulary,
    captioned: Sequence[CaptionedPhoto],
    regions: np.ndarray | None = None,
    beam: int = 4,
    batch: int = 50,
    length_penalty: float = 0.7,
    consensus: Consensus | None = None,
) -> dict[str, str]:
    """The best caption of each photo, by photo id."""
    target = model.decoder.output_bias.device
    model.eval()
    texts = {}
    for start in range(0, len(captioned), batch):
        part = captioned[start : start + batch]
        with mixed_precision(target):
            if regions is None:
                images = [photos.to_pixels(photos.squash(photos.open_photo(photo.path))) for photo in part]
                encoded = model.regions(torch.stack(images).to(target))
            else:
                encoded = torch.from_numpy(regions[start : start + len(part), 0].astype(np.float32)).to(target)
            found = beam_search(model.decoder, encoded, beam, LONGEST, length_penalty)
            best = consensus.best(model.decoder, encoded, found) if consensus else [h[0] for h in found]
        for photo, hypothesis in zip(part, best, strict=True):
            texts[photo.id] = vocabulary.decode(hypothesis.tokens)
    return texts
