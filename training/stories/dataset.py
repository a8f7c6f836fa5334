"""Stories as integer arrays, made once, and batches of stories of like length.

Shapes in names: B questions, M sentences of a story, S different sentences, W words.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from training.data.babi import TASKS, StoryQuestion, words_of
from training.stories.renaming import Renaming
from training.stories.vocabulary import PAD, UNKNOWN, Vocabulary

LONGEST = 80  # sentences of a story, the latest; longer ones are rare and slow
_RENAMINGS = 32  # of each task in an epoch


class StoryArrays:
    """All questions of a split as arrays; a sentence that many stories have is kept once, and sentence 0 is empty."""

    def __init__(self, questions: Sequence[StoryQuestion], vocabulary: Vocabulary):
        sentences: dict[str, int] = {"": 0}
        rows = [[sentences.setdefault(s, len(sentences)) for s in q.story[-LONGEST:]] for q in questions]
        self.sentences_SW = pad([vocabulary.encode(text) for text in sentences])
        self.questions_BW = pad([vocabulary.encode(question.question) for question in questions])
        self.length_B = np.array([len(row) for row in rows])
        self.story_BM = pad(rows)
        self.fact_BM = np.zeros(self.story_BM.shape, bool)
        for b, question in enumerate(questions):
            skipped = len(question.story) - len(rows[b])
            self.fact_BM[b, [fact - skipped for fact in question.facts if fact >= skipped]] = True
        # −1 where an answer cannot be given, as it never came in training.
        self.answer_B = np.array([vocabulary.answer_ids.get(question.answer, -1) for question in questions])
        self.task_B = np.array([question.task for question in questions])

    def __len__(self) -> int:
        return len(self.answer_B)

    def batches(self, size: int, generator: np.random.Generator | None = None) -> list[np.ndarray]:
        """Indices in batches of stories of like length, in a random order where there is a generator."""
        noise = generator.random(len(self)) if generator else np.zeros(len(self))
        order = np.lexsort((noise, self.length_B))
        parts = [order[start : start + size] for start in range(0, len(order), size)]
        if generator:
            generator.shuffle(parts)
        return parts


def pad(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Rows of ids as one array, padded with zeros; at least one wide."""
    padded = np.full((len(rows), max(1, *map(len, rows))), PAD)
    for i, row in enumerate(rows):
        padded[i, : len(row)] = row
    return padded


def distinct(words_BMW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different sentences of a batch, words_SW, and which each one is, story_BM: each is read once."""
    longest = int((words_BMW != PAD).sum(-1).max())
    flat = words_BMW[:, :, :longest].reshape(-1, longest)
    words_SW, story = np.unique(flat, axis=0, return_inverse=True)
    return words_SW, story.reshape(words_BMW.shape[:2])


class StoryBatches:
    """The batches of an epoch, each an item: other people in each story, words missing at random, other neighbours."""

    def __init__(
        self,
        arrays: StoryArrays,
        vocabulary: Vocabulary,
        questions: Sequence[StoryQuestion],
        seed: int,
        size: int,
        rename: bool = True,
        word_dropout: float = 0.01,
    ):
        """
        Args:
            size: questions of a batch.
            word_dropout: how often a word is `<unk>`, so that unknown words are nothing new.
        """
        self.arrays = arrays
        self.seed = seed
        self.size = size
        self.word_dropout = word_dropout
        by_task: list[set[str]] = [set() for _ in TASKS]
        for question in questions:
            for text in (*question.story, question.question):
                by_task[question.task - 1].update(words_of(text))
        self.renaming = Renaming(vocabulary, [frozenset(words) for words in by_task]) if rename else None
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Deal the questions to batches and draw the renamings."""
        self.epoch = epoch
        generator = np.random.default_rng((self.seed, epoch))
        self.parts = self.arrays.batches(self.size, generator)
        if self.renaming:
            drawn = [
                [self.renaming.draw(task, generator) for _ in range(_RENAMINGS)] for task in range(1, len(TASKS) + 1)
            ]
            self.words = np.array([[words for words, _ in each] for each in drawn])
            self.answers = np.array([[answers for _, answers in each] for each in drawn])

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, index: int) -> dict[str, np.ndarray]:
        """A batch: sentences_SW, story_BM, questions_BW, answer_B, fact_BM."""
        a, part = self.arrays, self.parts[index]
        generator = np.random.default_rng((self.seed, self.epoch, index))
        longest = a.length_B[part].max()
        words_BMW = a.sentences_SW[a.story_BM[part, :longest]]
        questions_BW, answer_B, fact_BM = a.questions_BW[part], a.answer_B[part], a.fact_BM[part, :longest]
        if self.renaming:
            task_B, draw_B = a.task_B[part] - 1, generator.integers(_RENAMINGS, size=len(part))
            renamed_B = self.answers[task_B, draw_B, answer_B]
            # By word id; the identity for a story whose answer would be none.
            names_BV = self.words[task_B, draw_B]
            names_BV[renamed_B < 0] = np.arange(names_BV.shape[1])
            answer_B = np.where(renamed_B < 0, answer_B, renamed_B)
            rows_B = np.arange(len(part))[:, None]
            words_BMW = names_BV[rows_B[:, :, None], words_BMW]
            questions_BW = names_BV[rows_B, questions_BW]
        sentences_SW, story_BM = distinct(words_BMW)
        hidden = (generator.random(sentences_SW.shape) < self.word_dropout) & (sentences_SW != PAD)
        sentences_SW = np.where(hidden, UNKNOWN, sentences_SW)
        return {
            "sentences": sentences_SW,
            "story": story_BM,
            "questions": questions_BW,
            "answer": answer_B,
            "fact": fact_BM,
        }


def collate(batches: list[dict[str, np.ndarray]]) -> dict[str, Tensor]:
    """One batch as tensors."""
    (batch,) = batches
    return {name: torch.from_numpy(array) for name, array in batch.items()}
