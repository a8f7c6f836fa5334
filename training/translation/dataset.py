"""Sentence pairs as batches of like length, split into subwords anew in each epoch.

Shapes in names: B sentences, S source tokens, T target tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sentencepiece
import torch
from torch import Tensor

from training.data.tatoeba import SentencePair
from training.translation.vocabulary import END, PAD, START, Vocabulary, normalize_english

LONGEST = 100  # tokens of a sentence; the few longer ones do not train


@dataclass(frozen=True)
class Augmentation:
    """What an epoch changes at random in its pairs."""

    bpe_dropout: float = 0.1  # merges left out (Provilkov et al. 2020)
    joined: float = 0.1  # pairs behind which another one follows, as a text of several sentences has them


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Rows of ids as one int64 tensor, padded at the end."""
    padded = np.full((len(rows), max(map(len, rows))), PAD)
    for i, row in enumerate(rows):
        padded[i, : len(row)] = row
    return torch.from_numpy(padded)


def encode_source(vocabulary: Vocabulary, text: str, dropout: float = 0.0) -> list[int]:
    """Ids of an English text, `<end>` behind them: a sentence that ends is not one that goes on."""
    return [*vocabulary.english.encode(normalize_english(text), dropout), END]


class PairBatches:
    """The batches of an epoch, each an item: `source` [B, S], `target` [B, T] from `<start>` to `<end>`."""

    def __init__(
        self, pairs: Sequence[SentencePair], vocabulary: Vocabulary, seed: int, size: int, augmentation: Augmentation
    ):
        self.pairs = pairs
        self.vocabulary = vocabulary
        self.seed = seed
        self.size = size
        self.augmentation = augmentation
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        seed = self.seed * 1_000_003 + epoch
        generator = np.random.default_rng(seed)
        sentencepiece.set_random_generator_seed(seed % 2**32)
        dropout = self.augmentation.bpe_dropout
        source = [encode_source(self.vocabulary, pair.english, dropout) for pair in self.pairs]
        target = [self.vocabulary.russian.encode(pair.russian, dropout) for pair in self.pairs]
        followed = np.flatnonzero(generator.random(len(self.pairs)) < self.augmentation.joined)
        behind = generator.integers(len(self.pairs), size=len(followed))
        joined = {i: (source[i][:-1] + source[j], target[i] + target[j]) for i, j in zip(followed, behind, strict=True)}
        for i, (english, russian) in joined.items():
            source[i], target[i] = english, russian
        rows = [(s, [START, *t, END]) for s, t in zip(source, target, strict=True) if max(len(s), len(t)) <= LONGEST]
        lengths = np.array([(len(s), len(t)) for s, t in rows])
        order = np.lexsort((generator.random(len(rows)), lengths[:, 0], lengths[:, 1]))
        self.batches = [[rows[i] for i in order[at : at + self.size]] for at in range(0, len(order), self.size)]

    def __len__(self) -> int:
        # The same in each epoch, however many pairs are too long when split otherwise.
        return len(self.pairs) // self.size

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        source, target = zip(*self.batches[index % len(self.batches)], strict=True)
        return {"source": pad(source), "target": pad(target)}


def collate(batches: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The loop asks for one batch at a time."""
    return batches[0]
