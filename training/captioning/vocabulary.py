"""Words of the captioner and their ids."""

from collections import Counter
from collections.abc import Iterable

from training.data.tokenizer import detokenize, tokenize

START, END, UNKNOWN = 0, 1, 2
SPECIAL = ("<start>", "<end>", "<unk>")


class Vocabulary:
    """`words[id]`; ids 0–2 are `<start>`, `<end>` and `<unk>`."""

    def __init__(self, words: list[str]):
        if tuple(words[:3]) != SPECIAL:
            raise ValueError(f"a vocabulary starts with {', '.join(SPECIAL)}, not with {words[:3]}")
        self.words = words
        self.ids = {word: index for index, word in enumerate(words)}

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def from_captions(cls, captions: Iterable[str], least_count: int = 4) -> "Vocabulary":
        """All words that occur at least `least_count` times, the most frequent first."""
        counts = Counter(word for caption in captions for word in tokenize(caption))
        kept = sorted((word for word, n in counts.items() if n >= least_count), key=lambda word: (-counts[word], word))
        return cls([*SPECIAL, *kept])

    def encode(self, caption: str, longest: int) -> list[int]:
        """Token ids of a caption with the end token, at most `longest` words."""
        return [self.ids.get(word, UNKNOWN) for word in tokenize(caption)[:longest]] + [END]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of token ids up to the end token."""
        words = []
        for index in ids:
            if index == END:
                break
            words.append(self.words[index])
        return detokenize(words)
