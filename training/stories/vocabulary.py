"""The words that are read and the answers that can be given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from training.data.babi import StoryQuestion, words_of

PAD, UNKNOWN = 0, 1


@dataclass(frozen=True)
class Vocabulary:
    """Words by id, the first two being `<pad>` and `<unk>`; answers by index. A list ("apple,milk") is one answer, as in
    Sukhbaatar et al. 2015."""

    words: tuple[str, ...]
    answers: tuple[str, ...]
    ids: dict[str, int] = field(init=False, repr=False, compare=False)
    answer_ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "ids", {word: i for i, word in enumerate(self.words)})
        object.__setattr__(self, "answer_ids", {answer: i for i, answer in enumerate(self.answers)})

    @classmethod
    def from_questions(cls, questions: Sequence[StoryQuestion]) -> "Vocabulary":
        """All words and answers, the most frequent answer first."""
        texts = {text for question in questions for text in (*question.story, question.question)}
        words = sorted({word for text in texts for word in words_of(text)})
        answers = Counter(question.answer for question in questions)
        ranked = sorted(answers, key=lambda answer: (-answers[answer], answer))
        return cls(("<pad>", "<unk>", *words), tuple(ranked))

    def encode(self, text: str) -> list[int]:
        """Word ids of a sentence."""
        return [self.ids.get(word, UNKNOWN) for word in words_of(text)]
