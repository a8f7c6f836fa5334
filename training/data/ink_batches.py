"""Batches of lines for the models that learn from ink: joined, balanced, varied, and sorted by length.

An item of the data set is a whole batch, so that lines of like length come together and every batch has about as many
points; the loop's batch size is therefore the number of processes.
"""

import os
import random
from collections import Counter, defaultdict

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.data.ink import encode, to_offsets, to_strokes
from training.data.ink_cleaning import CleanInk

STEPS = 5.0  # a model's unit is a fifth of the x-height, the distance of two points
_RARE = 6e-3  # share of all characters below which a character's lines are repeated
_FEWEST_REPEATS, _MOST_REPEATS = 0.4, 8
_ALIKE = 0.5  # how many of the words without small letters stand among their like
_GLUED = 0.5  # how many single characters follow each other without a space
_LETTER_SPACE = 0.25  # x-heights between those
_OFF = 0.01  # x-heights by which points are moved


def processes() -> int:
    """How many processes share an epoch, which is the loop's batch size here."""
    return int(os.environ.get("WORLD_SIZE", 1))


class InkBatches(Dataset):
    """Batches of at most `budget` points, padding included."""

    def __init__(
        self,
        ink: CleanInk,
        writers: dict[str, int],
        seed: int,
        budget: int = 16_000,
        longest: int = 1_400,
        joined: float = 0.7,
        balanced: bool = True,
        varied: bool = True,
    ):
        """
        Args:
            writers: the id of each writer; 0 for those who are not in it.
            longest: points of a line; longer ones are left out.
            joined: how many of the words are joined into lines of one writer.
            balanced: whether samples come the more often, the rarer their characters are; else each once.
            varied: whether lines are scaled, sheared and turned a little, differently in each epoch.
        """
        self.ink = ink
        self.writers = writers
        self.seed = seed
        self.budget = budget
        self.longest = longest
        self.joined = joined
        self.varied = varied
        self.repeats = _repeats(ink) if balanced else np.ones(len(ink))
        self.sizes = np.diff(ink.bounds)
        self.batches: list[list[list[int]]] = []
        self.epoch = -1
        self.count = 0
        self.set_epoch(0)
        self.count = len(self.batches)

    def set_epoch(self, epoch: int) -> None:
        """Draw which lines are repeated and which words are joined, and deal them to the batches."""
        if epoch == self.epoch:
            return
        self.epoch = epoch
        generator = random.Random(f"{self.seed}/{epoch}")
        lines: list[list[int]] = []
        words: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for i, often in enumerate(self.repeats):
            if self.sizes[i] > self.longest:
                continue
            for _ in range(int(often) + (generator.random() < often % 1)):
                text = self.ink.texts[i]
                if " " not in text and generator.random() < self.joined:
                    # Words of capitals, digits and signs together make lines as of addresses and equations.
                    alike = not any(c.islower() for c in text) and generator.random() < _ALIKE
                    words[self.ink.writers[i], alike].append(i)
                else:
                    lines.append([i])
        for group in words.values():
            generator.shuffle(group)
            lines += self._join(group, generator)
        sizes = np.array([self.sizes[line].sum() + len(line) for line in lines])
        # Sorted with some noise, so that an epoch's batches differ from the last one's.
        noise = np.random.default_rng([self.seed, epoch]).normal(1, 0.05, len(lines))
        batches: list[list[list[int]]] = [[]]
        widest = 0
        for place in np.argsort(sizes * noise):
            widest = max(widest, int(sizes[place]))
            if batches[-1] and (len(batches[-1]) + 1) * widest > self.budget:
                batches.append([])
                widest = int(sizes[place])
            batches[-1].append(lines[place])
        generator.shuffle(batches)
        if self.count:  # the loop counts the batches once
            missing = max(0, self.count - len(batches))
            batches = batches[: self.count] + [generator.choice(batches) for _ in range(missing)]
        self.batches = batches

    def _join(self, group: list[int], generator: random.Random) -> list[list[int]]:
        lines: list[list[int]] = []
        line: list[int] = []
        characters, limit = 0, 0
        for i in group:
            length = len(self.ink.texts[i]) + 1
            points = self.sizes[[*line, i]].sum() + len(line) + 1
            if not line or characters + length > limit or points > self.longest:
                if line:
                    lines.append(line)
                line, characters, limit = [], 0, generator.randint(8, 56)
            line.append(i)
            characters += length
        return [*lines, line] if line else lines

    def __len__(self) -> int:
        return self.count or len(self.batches)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """See `stack`."""
        generator = np.random.default_rng([self.seed, self.epoch, index])
        samples = []
        for line in self.batches[index]:
            offsets, text = self.line(line, generator)
            if self.varied:
                offsets = vary(offsets, generator)
            samples.append((offsets, text, self.writers.get(self.ink.writers[line[0]], 0)))
        return stack(samples)

    def line(self, line: list[int], generator: np.random.Generator) -> tuple[np.ndarray, str]:
        """Offsets [T, 3] in x-heights and the text of words side by side on one baseline.

        Single characters are put together to words, so that sequences are learnt that nobody wrote.
        """
        if len(line) == 1:
            return self.ink.offsets(line[0]), self.ink.texts[line[0]]
        space = generator.lognormal(np.log(0.9), 0.2)  # of this line, in x-heights
        strokes: list[np.ndarray] = []
        text = ""
        right = 0.0
        for place, i in enumerate(line):
            word = self.ink.texts[i]
            if place:
                single = len(word) == len(self.ink.texts[line[place - 1]]) == 1
                glued = single and generator.random() < _GLUED
                right = max(stroke[:, 0].max() for stroke in strokes)
                right += (_LETTER_SPACE if glued else space) * generator.uniform(0.8, 1.25)
                text += "" if glued else " "
            strokes += [stroke + np.array([right, 0]) for stroke in to_strokes(self.ink.offsets(i))]
            text += word
        return to_offsets(strokes), text


def single_batches(ink: CleanInk, writers: dict[str, int], budget: int = 16_000, longest: int = 1_400) -> list[dict]:
    """The samples as they are, in batches by length, for validation."""
    batches = InkBatches(ink, writers, 0, budget, longest, joined=0.0, balanced=False, varied=False)
    return [
        {**batches[i], "samples": torch.tensor([line[0] for line in batches.batches[i]])} for i in range(len(batches))
    ]


def _repeats(ink: CleanInk) -> np.ndarray:
    """How often an epoch shows each sample: √(6 ‰ / share) times for its rarest character, 0.4 to 8 times."""
    counts = Counter("".join(ink.texts))
    total = sum(counts.values())
    often = {c: min(_MOST_REPEATS, max(_FEWEST_REPEATS, (_RARE * total / n) ** 0.5)) for c, n in counts.items()}
    return np.array([max(often[c] for c in text) for text in ink.texts])


def vary(offsets: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The line a little wider or narrower, higher or lower, leaning, rising or falling, and each point a little off.

    The last teaches the synthesiser to go on from what it wrote itself, which is never quite what people write.
    """
    wide, high = np.exp(generator.normal(0, 0.07, 2))
    lean, rise = generator.normal(0, [0.07, 0.01])
    matrix = np.array([[wide, rise], [lean, high]], np.float32)
    off = generator.normal(0, _OFF, (len(offsets), 2))
    moved = offsets[:, :2] @ matrix + np.diff(off, axis=0, prepend=0)
    return np.concatenate([moved, offsets[:, 2:]], 1, dtype=np.float32)


def stack(samples: list[tuple[np.ndarray, str, int]]) -> dict[str, Tensor]:
    """Pad lines to a batch.

    Returns:
        offsets [B, T, 3] in steps (a fifth of the x-height), lengths [B]; text [B, U] character ids, 0 after the end,
        text_lengths [B]; writers [B].
    """
    lengths = torch.tensor([len(offsets) for offsets, _, _ in samples])
    text_lengths = torch.tensor([len(text) for _, text, _ in samples])
    offsets = torch.zeros(len(samples), int(lengths.max()), 3)
    text = torch.zeros(len(samples), int(text_lengths.max()), dtype=torch.long)
    for b, (points, characters, _) in enumerate(samples):
        offsets[b, : len(points)] = torch.from_numpy(points) * torch.tensor([STEPS, STEPS, 1.0])
        text[b, : len(characters)] = torch.tensor(encode(characters))
    writers = torch.tensor([writer for *_, writer in samples])
    return {"offsets": offsets, "lengths": lengths, "text": text, "text_lengths": text_lengths, "writers": writers}


def collate(items: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """An item is a batch already."""
    (batch,) = items
    return batch
