"""Training an answerer on cached regions, with the answers of all annotators as soft targets."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from training.data.regions import PhotoRegions
from training.data.visual_questions import VisualQuestion
from training.device import device
from training.metrics import vqa as vqa_metrics
from training.vision import FEATURES, REGIONS
from training.vqa.answerer import Answerer
from training.vqa.model import checkpoint_extra
from training.vqa.vocabulary import PAD, UNKNOWN, Vocabulary

_MIRRORED = {"left": "right", "right": "left", "leftmost": "rightmost", "rightmost": "leftmost"}


@dataclass(frozen=True)
class Example:
    """A question in ids: its words and the share of the truth of each answer."""

    words: tuple[int, ...]
    answers: tuple[tuple[int, float], ...]


class PhotoViews(Protocol):
    """Photos by id, each in several views: `PhotoRegions`, or pixels where the encoder is trained too."""

    @property
    def views(self) -> int: ...
    def is_mirrored(self, view: int) -> bool: ...
    def view(self, photo: str, view: int) -> np.ndarray: ...


class QuestionDataset(Dataset):
    """Photos with up to `per_photo` of their questions; a photo with more questions comes several times an epoch."""

    def __init__(
        self,
        questions: Sequence[VisualQuestion],
        vocabulary: Vocabulary,
        regions: PhotoViews,
        seed: int,
        per_photo: int = 8,
        generated_per_photo: int = 4,
        borrowed_per_photo: int = 0,
        word_dropout: float = 0.02,
        photo_dropout: float = 0.05,
    ):
        """
        Args:
            questions: those without an answer that the vocabulary knows are left out.
            generated_per_photo: how many of a photo's generated questions an epoch draws.
            borrowed_per_photo: how many questions on other photos are asked as well, for teachers to answer: nobody has.
            word_dropout: how often a word becomes <unk>, as in the app where it weighs each word of a question.
            photo_dropout: how often the photo is missing, as in the app where it shows what the language alone says.
        """
        self.regions = regions
        self.seed = seed
        self.word_dropout = word_dropout
        self.photo_dropout = photo_dropout
        self.epoch = 0
        given: dict[str, list[tuple[Example, Example]]] = defaultdict(list)
        generated: dict[str, list[tuple[Example, Example]]] = defaultdict(list)
        for question in questions:
            targets = tuple(vocabulary.targets(question).items())
            if targets:
                views = _views(Example(tuple(vocabulary.encode(question.question)), targets), vocabulary)
                (generated if question.data_set == "generated" else given)[question.photo].append(views)
        self.given = given
        self.generated = generated
        self.generated_per_photo = generated_per_photo
        self.borrowed_per_photo = borrowed_per_photo
        self.borrowable = [
            Example(tuple(vocabulary.encode(question.question)), ())
            for question in questions
            if borrowed_per_photo > 0 and question.data_set != "generated"
        ]
        # A photo's questions are dealt to as many samples as they need.
        self.samples: list[tuple[str, int, int]] = []
        for photo in dict.fromkeys([*given, *generated]):
            count = len(given.get(photo, ())) + min(len(generated.get(photo, ())), generated_per_photo)
            parts = -(-count // per_photo)
            self.samples += [(photo, part, parts) for part in range(parts)]

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, list[tuple[Example, bool]]]:
        """A photo's regions, and examples, each with whether it sees the photo."""
        photo, part, parts = self.samples[index]
        dealer = random.Random(f"{self.seed}/{self.epoch}/{photo}")  # the same for all parts of a photo
        made = self.generated.get(photo, [])
        drawn = dealer.sample(made, min(len(made), self.generated_per_photo))
        hand = [*self.given.get(photo, ()), *drawn]
        dealer.shuffle(hand)
        generator = random.Random(f"{self.seed}/{self.epoch}/{index}")
        view = generator.randrange(self.regions.views)
        examples = []
        for views in hand[part::parts]:
            example = views[self.regions.is_mirrored(view)]
            words = tuple(UNKNOWN if generator.random() < self.word_dropout else word for word in example.words)
            examples.append((Example(words, example.answers), generator.random() >= self.photo_dropout))
        if part == 0 and self.borrowable:
            examples += [(example, True) for example in generator.choices(self.borrowable, k=self.borrowed_per_photo)]
        return torch.from_numpy(self.regions.view(photo, view).copy()), examples


def _views(example: Example, vocabulary: Vocabulary) -> tuple[Example, Example]:
    """An example as it is and for the mirrored photo, where left is right."""

    def swap(names: Sequence[str], ids: dict[str, int], index: int) -> int:
        words = [_MIRRORED.get(word, word) for word in names[index].split(" ")]
        return ids.get(" ".join(words), index)

    mirrored = Example(
        tuple(swap(vocabulary.words, vocabulary.ids, word) for word in example.words),
        tuple((swap(vocabulary.answers, vocabulary.answer_ids, a), share) for a, share in example.answers),
    )
    return example, mirrored


def pad(encoded: Sequence[Sequence[int]]) -> Tensor:
    """tokens_NT of questions in word ids, zero-padded."""
    tokens = torch.full((len(encoded), max(map(len, encoded))), PAD)
    for n, words in enumerate(encoded):
        tokens[n, : len(words)] = torch.tensor(words)
    return tokens


def collate(samples: list[tuple[Tensor, list[tuple[Example, bool]]]]) -> dict[str, Tensor]:
    """regions [B + 1, 49, 1664], the last of them zeros for a missing photo; and the questions."""
    regions = torch.stack([photo for photo, _ in samples] + [torch.zeros(REGIONS, FEATURES, dtype=samples[0][0].dtype)])
    return {"regions": regions, **collate_questions([examples for _, examples in samples])}


def collate_questions(examples: Sequence[Sequence[tuple[Example, bool]]]) -> dict[str, Tensor]:
    """Of each photo's examples: tokens_NT; photo_N, which counts out a question's photo, B for a missing one; answers_NK
    and shares_NK, padded with shares of 0."""
    rows = [(example, b if seen else len(examples)) for b, part in enumerate(examples) for example, seen in part]
    answers = torch.zeros(len(rows), max(len(example.answers) for example, _ in rows), dtype=torch.long)
    shares = torch.zeros(answers.shape)
    for n, (example, _) in enumerate(rows):
        for k, (answer, share) in enumerate(example.answers):
            answers[n, k], shares[n, k] = answer, share
    tokens = pad([example.words for example, _ in rows])
    return {"tokens": tokens, "photo": torch.tensor([b for _, b in rows]), "answers": answers, "shares": shares}


class VqaTask:
    """Soft cross-entropy: −Σ share · log p over the answers that annotators gave."""

    collate = staticmethod(collate)
    best_metric = "accuracy"

    def __init__(
        self,
        model: Answerer,
        vocabulary: Vocabulary,
        dataset: QuestionDataset,
        dev: dict[str, Sequence[VisualQuestion]],
        dev_regions: PhotoRegions,
        rate: float = 2e-3,
    ):
        """
        Args:
            dev: questions of each dev set; the mean of their accuracies chooses the best checkpoint.
        """
        self.model = model
        self.vocabulary = vocabulary
        self.dataset = dataset
        self.dev = {name: [q for q in questions if vqa_metrics.is_scored(q)] for name, questions in dev.items()}
        self.dev_regions = dev_regions
        self.rate = rate

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.model.parameters()), "lr": self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        logits = model(batch["regions"].float(), batch["tokens"], batch["photo"]).float()
        loss, agreement = soft_cross_entropy(logits, batch)
        return loss, {"agreement": agreement}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Accuracy and calibration of each dev set; gives the model the temperature that calibrates it."""
        logits = {
            name: answer_logits(model, self.vocabulary, questions, self.dev_regions)
            for name, questions in self.dev.items()
        }
        correct = {}
        for name, questions in self.dev.items():
            texts = [self.vocabulary.answers[i] for i in logits[name].argmax(1)]
            correct[name] = np.array(
                [vqa_metrics.correctness(q, text) for q, text in zip(questions, texts, strict=True)]
            )
        temperature = vqa_metrics.best_temperature(list(logits.values()), list(correct.values()))
        model.temperature.fill_(temperature)
        scores = {"accuracy": 100 * float(np.mean([right.mean() for right in correct.values()]))}
        for name, right in correct.items():
            confidences = probabilities(logits[name], temperature).max(1)
            scores[name] = 100 * float(right.mean())
            scores[f"{name} calibration error"] = 100 * vqa_metrics.calibration_error(confidences, right)
        return {**scores, "temperature": temperature}

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model, self.vocabulary)


class VqaDistillationTask(VqaTask):
    """Knowledge distillation (Hinton et al. 2015, section 2): the student learns the mean of what several teachers answer, at
    temperature 1, and some cross-entropy keeps it at the annotators. Teachers read the regions that the student reads."""

    def __init__(self, *arguments: Any, teachers: Sequence[Answerer], cross_entropy_share: float = 0.3, **options: Any):
        super().__init__(*arguments, **options)
        self.teachers = [teacher.eval().requires_grad_(False).to(device()) for teacher in teachers]
        self.cross_entropy_share = cross_entropy_share

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        asked = batch["regions"].float(), batch["tokens"], batch["photo"]
        with torch.no_grad():
            expected_NC = sum(torch.softmax(teacher(*asked).float(), -1) for teacher in self.teachers)
            expected_NC = expected_NC / len(self.teachers)
        logits_NC = model(*asked).float()
        distilled = -(expected_NC * torch.log_softmax(logits_NC, -1)).sum(-1).mean()
        truth, agreement = soft_cross_entropy(logits_NC, batch)
        share = self.cross_entropy_share
        return (1 - share) * distilled + share * truth, {"agreement": agreement}


def soft_cross_entropy(logits_NC: Tensor, batch: dict[str, Tensor]) -> tuple[Tensor, float]:
    """Mean of −Σ share · log p over the questions that have answers, and the mean share of the likeliest answer."""
    log_p_NC = torch.log_softmax(logits_NC, dim=-1)
    answered = (batch["shares"].sum(1) > 0).sum().clamp(min=1)
    loss = -(batch["shares"] * log_p_NC.gather(1, batch["answers"])).sum() / answered
    right = batch["shares"][batch["answers"] == logits_NC.argmax(1, keepdim=True)].sum() / answered
    return loss, right.item()


@torch.inference_mode()
def answer_logits(
    model: Answerer,
    vocabulary: Vocabulary,
    questions: Sequence[VisualQuestion],
    regions: PhotoRegions | None,
    batch: int = 64,
) -> np.ndarray:
    """Logits [questions, answers] before the temperature.

    Args:
        regions: None for what the language alone says, without photos.
    """
    target = model.temperature.device
    model.eval()
    found = np.empty((len(questions), len(vocabulary.answers)), np.float32)
    # Questions on one photo stand together, so that its regions are prepared once.
    order = sorted(range(len(questions)), key=lambda n: questions[n].photo)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        photos = list(dict.fromkeys(questions[n].photo for n in part))
        stacked = np.zeros((len(photos), REGIONS, FEATURES), np.float32) if regions is None else regions.stack(photos)
        tokens = pad([vocabulary.encode(questions[n].question) for n in part])
        photo = torch.tensor([photos.index(questions[n].photo) for n in part])
        logits = model(torch.from_numpy(stacked).to(target), tokens.to(target), photo.to(target))
        found[part] = logits.float().cpu().numpy()
    return found


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Calibrated probabilities [questions, answers]."""
    scaled = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    return scaled / scaled.sum(1, keepdims=True)
