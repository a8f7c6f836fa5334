"""Windows of text, all chapters one after the other; each epoch cuts them elsewhere."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from training.language.characters import Characters

BREAK = "\n\n"  # between chapters, as between paragraphs, and before a text that somebody begins


def join(chapters: Sequence[str], characters: Characters) -> np.ndarray:
    """ids_N of all chapters, each begun by a paragraph's break."""
    return characters.encode("".join(BREAK + chapter.strip("\n") for chapter in chapters))


class Windows:
    """Windows of `length` + 1 characters that overlap by one: each character but the first is foretold once an epoch."""

    def __init__(self, ids_N: np.ndarray, length: int, seed: int):
        self.ids_N = ids_N
        self.length = length
        self.seed = seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Draw where the first window of the epoch begins."""
        self.start = int(np.random.default_rng((self.seed, epoch)).integers(self.length))

    def __len__(self) -> int:
        return (len(self.ids_N) - 1 - self.length) // self.length

    def __getitem__(self, index: int) -> np.ndarray:
        start = self.start + index * self.length
        return self.ids_N[start : start + self.length + 1]


def collate(windows: Sequence[np.ndarray]) -> dict[str, Tensor]:
    """ids_BT of a batch."""
    return {"ids": torch.from_numpy(np.stack(windows))}
