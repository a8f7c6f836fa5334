"""Training a translator: cross-entropy with smoothed labels (Szegedy et al. 2016), chosen by chrF on dev."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from training.data.tatoeba import SentencePair
from training.metrics.translation import translation_scores
from training.translation.dataset import PairBatches, collate
from training.translation.model import Translator, checkpoint_extra
from training.translation.search import translate
from training.translation.vocabulary import PAD, Vocabulary


class TranslationTask:
    """What the loop needs to train a translator."""

    collate = staticmethod(collate)
    best_metric = "chrF"

    def __init__(
        self,
        model: Translator,
        vocabulary: Vocabulary,
        dataset: PairBatches,
        dev: Sequence[SentencePair],
        rate: float = 2e-3,
        smoothing: float = 0.1,
    ):
        self.model = model
        self.vocabulary = vocabulary
        self.dataset = dataset
        self.dev = dev
        self.rate = rate
        self.smoothing = smoothing

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.model.parameters()), "lr": self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        logits_NV = model(batch["source"], batch["target"])
        next_BT = batch["target"][:, 1:]
        target_N = next_BT[next_BT != PAD]
        return F.cross_entropy(logits_NV, target_N, label_smoothing=self.smoothing), {}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Scores of the likeliest tokens one after another, which takes a fifth of a beam search's time."""
        found = translate(model, self.vocabulary, [pair.english for pair in self.dev], beam=1)
        return translation_scores([best for best, *_ in found], [pair.russian for pair in self.dev])

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model, self.vocabulary)
