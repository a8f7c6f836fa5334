"""Training a language model: the cross-entropy of the next character."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.device import device
from training.language.characters import Characters
from training.language.dataset import Windows, collate
from training.language.model import LanguageModel, checkpoint_extra


class LanguageTask:
    """What the loop needs to train a language model."""

    collate = staticmethod(collate)
    best_metric = "negative bits"

    def __init__(self, model: LanguageModel, characters: Characters, dataset: Windows, dev_N: np.ndarray, rate: float):
        self.model = model
        self.characters = characters
        self.dataset = dataset
        self.dev_N = dev_N
        self.rate = rate

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.model.parameters()), "lr": self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        ids_BT = batch["ids"]
        logits_BTV, _, _ = model(ids_BT[:, :-1])
        return F.cross_entropy(logits_BTV.flatten(0, 1), ids_BT[:, 1:].flatten()), {}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Bits per character of the dev chapters; negative, as the loop looks for the highest score."""
        return {"negative bits": -float(surprise(model, self.dev_N).mean())}

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model, self.characters)


@torch.inference_mode()
def surprise(model: LanguageModel, ids_N: np.ndarray, chunk: int = 2000) -> np.ndarray:
    """−log₂ p of each character but the first, read one after the other from the start, with the state carried on."""
    model.eval()
    ids_1N = torch.from_numpy(ids_N).unsqueeze(0).to(device())
    state, found = None, []
    for start in range(0, len(ids_N) - 1, chunk):
        part_1T = ids_1N[:, start : start + chunk + 1]
        logits_1TV, _, state = model(part_1T[:, :-1], state)
        found.append(F.cross_entropy(logits_1TV[0].float(), part_1T[0, 1:], reduction="none").cpu())
    return torch.cat(found).numpy() / math.log(2)
