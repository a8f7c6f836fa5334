"""The encoder, the caption decoder and the answerer in one training: both losses reach the encoder."""

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import ImageOps
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import Dataset

from training.captioning import train as captioning
from training.captioning.model import Captioner
from training.captioning.vocabulary import END
from training.captioning.vocabulary import Vocabulary as CaptionVocabulary
from training.data import photos
from training.data.captions import CaptionedPhoto
from training.data.visual_questions import VisualQuestion
from training.device import device, mixed_precision
from training.metrics import captions as caption_metrics
from training.vision import FEATURES, REGIONS
from training.vqa import train as vqa
from training.vqa.answerer import Answerer
from training.vqa.vocabulary import Vocabulary as QuestionVocabulary


class JointModel(nn.Module):
    """pixels_BCHW, captions by teacher forcing and questions → logits of the selected words and of the answers."""

    def __init__(self, captioner: Captioner, answerer: Answerer):
        super().__init__()
        self.captioner = captioner
        self.answerer = answerer

    def forward(
        self, pixels_BCHW: Tensor, inputs_BKT: Tensor, select_BKT: Tensor, tokens_NT: Tensor, photo_N: Tensor
    ) -> tuple[Tensor, Tensor]:
        """`photo_N` counts out each question's photo; B stands for a missing one."""
        regions_BRD = self.captioner.regions(pixels_BCHW)
        missing_1RD = regions_BRD.new_zeros(1, REGIONS, FEATURES)
        answers_NC = self.answerer(torch.cat([regions_BRD, missing_1RD]), tokens_NT, photo_N)
        return self.captioner.decoder(regions_BRD, inputs_BKT, select_BKT), answers_NC


class AugmentedPhotos:
    """Photos read and varied anew in each epoch, in place of cached regions. The second view is the mirrored one."""

    views = 2

    def __init__(self, paths: Mapping[str, Path], seed: int):
        """
        Args:
            paths: files by photo id.
        """
        self.paths = paths
        self.seed = seed
        self.epoch = 0

    def is_mirrored(self, view: int) -> bool:
        return view == 1

    def view(self, photo: str, view: int) -> np.ndarray:
        """uint8 [3, 224, 224]."""
        image = photos.vary(photos.open_photo(self.paths[photo]), random.Random(f"{self.seed}/{self.epoch}/{photo}"))
        return photos.to_pixels(ImageOps.mirror(image) if self.is_mirrored(view) else image).numpy()


class JointDataset(Dataset):
    """Augmented photos, each with some of its questions and some of its captions."""

    def __init__(
        self, questions: vqa.QuestionDataset, references: Mapping[str, Sequence[list[int]]], references_per_photo: int
    ):
        """
        Args:
            questions: on `AugmentedPhotos`.
            references: the captions' word ids by photo id; photos without captions are missing.
        """
        self.questions = questions
        self.references = references
        self.references_per_photo = references_per_photo

    def set_epoch(self, epoch: int) -> None:
        self.questions.set_epoch(epoch)
        self.questions.regions.epoch = epoch

    def __len__(self) -> int:
        return len(self.questions)

    def __getitem__(self, index: int) -> tuple[Tensor, list[list[int]], list[tuple[vqa.Example, bool]]]:
        pixels, examples = self.questions[index]
        photo = self.questions.samples[index][0]
        known = self.references.get(photo, [])
        generator = random.Random(f"{self.questions.seed}/{self.questions.epoch}/{index}/captions")
        return pixels, generator.sample(known, min(len(known), self.references_per_photo)), examples


def collate(samples: list[tuple[Tensor, list[list[int]], list[tuple[vqa.Example, bool]]]]) -> dict[str, Tensor]:
    """What captioning's `collate` gives, a photo without captions having none that count; and its questions."""
    batch = captioning.collate(
        [(pixels, references or [[END]], b) for b, (pixels, references, _) in enumerate(samples)]
    )
    for b, (_, references, _) in enumerate(samples):
        if not references:
            batch["targets"][b] = captioning.IGNORED
    asked = vqa.collate_questions([examples for *_, examples in samples])
    return {**batch, "asked_photo": asked.pop("photo"), **asked}


class _Encoded:
    """Regions by photo id, in memory."""

    def __init__(self, regions: Mapping[str, np.ndarray]):
        self.regions = regions

    def stack(self, wanted: Iterable[str]) -> np.ndarray:
        return np.stack([self.regions[photo] for photo in wanted]).astype(np.float32)


class JointTask:
    """Captions' cross-entropy and, times `answers_weight`, that of the answers."""

    collate = staticmethod(collate)
    best_metric = "CIDEr and accuracy"

    def __init__(
        self,
        model: JointModel,
        caption_vocabulary: CaptionVocabulary,
        question_vocabulary: QuestionVocabulary,
        dataset: JointDataset,
        dev_captioned: Sequence[CaptionedPhoto],
        dev_questions: Mapping[str, Sequence[VisualQuestion]],
        rate: float,
        vision_rate: float,
        answers_weight: float,
        smoothing: float = 0.1,
    ):
        self.model = model
        self.dataset = dataset
        self.dev_captioned = dev_captioned
        self.answers_weight = answers_weight
        self.smoothing = smoothing
        # Each knows which of its weights learn, how it is scored, and what its checkpoint holds.
        self.captioning = captioning.CaptioningTask(
            model.captioner, caption_vocabulary, dataset, {}, rate, vision_rate, smoothing
        )
        self.vqa = vqa.VqaTask(
            model.answerer, question_vocabulary, dataset.questions, dict(dev_questions), _Encoded({}), rate
        )

    def parameter_groups(self) -> list[dict[str, Any]]:
        return self.captioning.parameter_groups() + self.vqa.parameter_groups()

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        counted = batch["targets"] != captioning.IGNORED
        words, answers = model(batch["photo"], batch["inputs"], counted, batch["tokens"], batch["asked_photo"])
        answered, agreement = vqa.soft_cross_entropy(answers.float(), batch)
        # The sum over no words is 0, their mean is none.
        language = functional.cross_entropy(
            words.float(), batch["targets"][counted], label_smoothing=self.smoothing, reduction="sum"
        ) / counted.sum().clamp(min=1)
        measures = {"captions": language.item(), "answers": answered.item(), "agreement": agreement}
        return language + self.answers_weight * answered, measures

    def validate(self, model: JointModel) -> dict[str, float]:
        captions = captioning.caption_photos(model.captioner, self.captioning.vocabulary, self.dev_captioned)
        references = captioning.references_of(self.dev_captioned)
        scores = {"CIDEr": caption_metrics.score(captions, references, meteor=False)["CIDEr"]}
        paths = {question.photo: question.path for group in self.vqa.dev.values() for question in group}
        self.vqa.dev_regions = _Encoded(encode(model.captioner, paths))
        scores |= self.vqa.validate(model.answerer)
        return {self.best_metric: scores["CIDEr"] + scores["accuracy"], **scores}

    def checkpoint_extra(self) -> dict[str, Any]:
        return {"captioner": self.captioning.checkpoint_extra(), "answerer": self.vqa.checkpoint_extra()}


@torch.inference_mode()
def encode(captioner: Captioner, paths: Mapping[str, Path], batch: int = 32) -> dict[str, np.ndarray]:
    """Regions [49, 1664] of photos as they are, by photo id."""
    captioner.eval()
    regions: dict[str, np.ndarray] = {}
    names = list(paths)
    for start in range(0, len(names), batch):
        part = names[start : start + batch]
        pixels = torch.stack([photos.to_pixels(photos.squash(photos.open_photo(paths[name]))) for name in part])
        with mixed_precision(device()):
            found = captioner.regions(pixels.to(device()))
        regions |= dict(zip(part, found.float().cpu().numpy(), strict=True))
    return regions
