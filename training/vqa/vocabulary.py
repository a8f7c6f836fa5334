"""Words of questions and answers, and their ids."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from training.data.answers import SPELLINGS, canonical
from training.data.visual_questions import VisualQuestion
from training.metrics.vqa import vote_accuracy

PAD, UNKNOWN = 0, 1
SPECIAL = ("<pad>", "<unk>")
LONGEST = 30  # words of a question that are read

_TOKEN = re.compile(r"[^\W_]+|'(?:d|ll|m|re|s|t|ve)(?![^\W_])")


def tokenize(question: str) -> list[str]:
    """Split a question into words: "What’s on the man's T-shirt?" → ["what", "'s", "on", "the", "man", "'s", "t", "shirt"].

    The rule, which the app repeats: Unicode NFC, lower case, ’ as ', and then every run of letters and digits
    (`[\\p{L}\\p{N}]+`), and every 'd, 'll, 'm, 're, 's, 't or 've that no letter or digit follows.
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", question).lower().replace("’", "'"))


def answer_scores(question: VisualQuestion) -> dict[str, float]:
    """How right each canonical answer is, in 0..1: VQA accuracy where there are annotators, else 1 for each truth."""
    counts = Counter(canonical(answer) for answer in question.answers)
    counts.pop("", None)
    if question.data_set != "vqa-v2":
        return dict.fromkeys(counts, 1.0)
    scores = {answer: vote_accuracy(n, len(question.answers)) for answer, n in counts.items()}
    return {answer: score for answer, score in scores.items() if score > 0}


class Vocabulary:
    """`words[id]`, where 0 is `<pad>` and 1 is `<unk>`, and `answers[id]` in their canonical spelling."""

    def __init__(self, words: list[str], answers: list[str]):
        if tuple(words[:2]) != SPECIAL:
            raise ValueError(f"a vocabulary starts with {', '.join(SPECIAL)}, not with {words[:2]}")
        self.words = words
        self.answers = answers
        self.ids = {word: index for index, word in enumerate(words)}
        self.answer_ids = {answer: index for index, answer in enumerate(answers)}
        # Other spellings of words that are known: what the app looks a word up under.
        self.aliases = {word: kept for word, kept in SPELLINGS.items() if kept in self.ids}

    @classmethod
    def from_questions(
        cls,
        questions: Iterable[VisualQuestion],
        least_words: int = 2,
        least_answers: int = 2,
        least_generated: int = 25,
    ) -> "Vocabulary":
        """Words and answers that occur often enough, the most frequent first.

        Args:
            least_words: how often a word has to occur.
            least_answers: to how many questions an answer has to be right (two annotators of ten suffice).
            least_generated: how often either has to in questions made from captions, where it does not in those of people: there
                are so many that twice is rare.
        """
        words: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        answers: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for question in questions:
            made = question.data_set == "generated"
            words[made].update(SPELLINGS.get(word, word) for word in tokenize(question.question))
            answers[made].update(answer for answer, score in answer_scores(question).items() if score >= 0.5)
        return cls(
            [*SPECIAL, *_frequent(*words, least_words, least_generated)],
            _frequent(*answers, least_answers, least_generated),
        )

    def encode(self, question: str) -> list[int]:
        """Word ids of a question: at least one, at most LONGEST."""
        words = tokenize(question)[:LONGEST]
        return [self.ids.get(self.aliases.get(word, word), UNKNOWN) for word in words] or [UNKNOWN]

    def targets(self, question: VisualQuestion) -> dict[int, float]:
        """The share of the truth that each known answer id has; the shares of unknown answers are missing."""
        scores = answer_scores(question)
        total = sum(scores.values())
        return {self.answer_ids[a]: score / total for a, score in scores.items() if a in self.answer_ids}


def _frequent(asked: Counter[str], made: Counter[str], least: int, least_made: int) -> list[str]:
    counts = asked + made
    kept = [key for key in counts if asked[key] >= least or made[key] >= least_made]
    return sorted(kept, key=lambda key: (-counts[key], key))
