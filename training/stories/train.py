"""Training a story reader: the answer's cross-entropy, and where asked for, attention to the supporting sentences."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data.babi import TASKS
from training.device import device
from training.stories.dataset import StoryArrays, StoryBatches, collate, distinct
from training.stories.model import StoryReader, checkpoint_extra
from training.stories.vocabulary import Vocabulary


class StoryTask:
    """What the loop needs to train a story reader."""

    collate = staticmethod(collate)
    best_metric = "mean"

    def __init__(
        self,
        model: StoryReader,
        vocabulary: Vocabulary,
        dataset: StoryBatches,
        dev: StoryArrays,
        rate: float = 2e-3,
        linear_epochs: int = 0,
        facts_share: float = 0.0,
    ):
        """
        Args:
            linear_epochs: how many epochs the attention has no softmax at first.
            facts_share: weight of the loss that asks some hop to look at each supporting sentence; 0 for none, as in
                Sukhbaatar et al. 2015.
        """
        self.model = model
        self.vocabulary = vocabulary
        self.dataset = dataset
        self.dev = dev
        self.rate = rate
        self.linear_epochs = linear_epochs
        self.facts_share = facts_share

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.model.parameters()), "lr": self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        linear = self.dataset.epoch < self.linear_epochs
        logits_BA, attention_BHM = model(batch["sentences"], batch["story"], batch["questions"], linear)
        loss = F.cross_entropy(logits_BA, batch["answer"])
        if not self.facts_share or linear:
            return loss, {}
        # A sentence is seen unless each hop passes it by.
        unseen_BM = torch.log1p(-attention_BHM.clamp(max=1 - 1e-4)).sum(1)
        seen_BM = torch.log1p(-unseen_BM.exp() + 1e-6)
        facts = -seen_BM[batch["fact"]].mean()
        return loss + self.facts_share * facts, {"facts": facts.item()}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Accuracies in percent: the mean over the tasks, and each."""
        logits_BA, _ = answer(model, self.dev)
        model.temperature.fill_(fit_temperature(logits_BA, self.dev.answer_B))
        by_task = accuracy_by_task(logits_BA.argmax(1) == self.dev.answer_B, self.dev.task_B)
        return {"mean": float(np.mean(by_task)), **{f"task {task}": each for task, each in enumerate(by_task, 1)}}

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model, self.vocabulary)


@torch.inference_mode()
def answer(model: StoryReader, arrays: StoryArrays, size: int = 250) -> tuple[np.ndarray, np.ndarray]:
    """logits_BA of every question, and how much of the attention of the hop that looks at it most each supporting sentence has
    on average, seen_B."""
    target = device()
    model.eval()
    logits_BA = np.zeros((len(arrays), model.config.answers), np.float32)
    seen_B = np.zeros(len(arrays))
    for part in arrays.batches(size):
        longest = arrays.length_B[part].max()
        sentences_SW, story_BM = distinct(arrays.sentences_SW[arrays.story_BM[part, :longest]])
        inputs = (sentences_SW, story_BM, arrays.questions_BW[part])
        logits, attention_BHM = model(*(torch.from_numpy(array).to(target) for array in inputs))
        logits_BA[part] = logits.float().cpu().numpy()
        fact_BM = arrays.fact_BM[part, :longest]
        most_BM = attention_BHM.amax(1).float().cpu().numpy()
        seen_B[part] = (most_BM * fact_BM).sum(1) / np.maximum(fact_BM.sum(1), 1)
    return logits_BA, seen_B


def accuracy_by_task(right_B: np.ndarray, task_B: np.ndarray) -> list[float]:
    """Percent of right answers of each of the 20 tasks."""
    return [100 * float(right_B[task_B == task].mean()) for task in range(1, len(TASKS) + 1)]


def fit_temperature(logits_BA: np.ndarray, answer_B: np.ndarray) -> float:
    """The temperature, of a grid from 0.5 to 4, at which the answers are likeliest (Guo et al. 2017)."""
    known = answer_B >= 0
    logits, answers = torch.from_numpy(logits_BA[known]), torch.from_numpy(answer_B[known])
    grid = np.geomspace(0.5, 4, 40)
    return float(min(grid, key=lambda t: F.cross_entropy(logits / t, answers).item()))
