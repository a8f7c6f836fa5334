"""Subwords: byte-pair encoding of each language (Sennrich et al. 2016), learned by SentencePiece.

A piece starts a word where it starts with `▁`. Training splits words in other ways at random (BPE-dropout, Provilkov et al.
2020), so that rare pieces are learned as well, and one word is not always the same few.
"""

import io
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import sentencepiece

from training.data.tatoeba import SentencePair

PAD, UNKNOWN, START, END = 0, 1, 2, 3
SPACE = "▁"
_RARE = 3  # a character that comes less often stands for itself only by a likeness, or is unknown

# Typographic marks as the plain ones, which most sentences are written with; `lib/translation/subwords.ts` has the same.
_PLAIN = str.maketrans(
    {c: "'" for c in "’‘‛ʼ´`"} | {c: '"' for c in "“”„«»″"} | {c: "-" for c in "–—−‐‑‒"} | {"…": "..."}
)


def normalize_english(text: str) -> str:
    """One space between words, typographic marks as plain ones, letters without their marks."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Mn").split())


@dataclass(frozen=True)
class Subwords:
    """The pieces of one language; pieces by id, the first four being `<pad>`, `<unk>`, `<start>` and `<end>`."""

    model: bytes  # SentencePiece's own
    processor: sentencepiece.SentencePieceProcessor = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "processor", sentencepiece.SentencePieceProcessor(model_proto=self.model))

    @classmethod
    def from_sentences(cls, sentences: Sequence[str], size: int) -> "Subwords":
        """Learn `size` pieces."""
        counts = Counter("".join(sentences))
        written = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_writer=written,
            model_type="bpe",
            vocab_size=size,
            normalization_rule_name="identity",
            # As much of the text as characters cover that are not rare.
            character_coverage=sum(n for n in counts.values() if n >= _RARE) / counts.total(),
            pad_id=PAD,
            unk_id=UNKNOWN,
            bos_id=START,
            eos_id=END,
            pad_piece="<pad>",
            bos_piece="<start>",
            eos_piece="<end>",
            num_threads=1,
            minloglevel=2,
        )
        return cls(written.getvalue())

    @property
    def pieces(self) -> list[str]:
        """By id; of those that are merges, an earlier one was merged earlier."""
        return [self.processor.id_to_piece(i) for i in range(len(self.processor))]

    def encode(self, text: str, dropout: float = 0.0) -> list[int]:
        """Ids of a text's pieces.

        Args:
            dropout: the share of merges that are left out at random.
        """
        if dropout:
            return self.processor.encode(text, enable_sampling=True, alpha=dropout, nbest_size=-1)
        return self.processor.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, without those that are not text."""
        pieces = (self.processor.id_to_piece(int(i)) for i in ids if i > END)
        return "".join(pieces).replace(SPACE, " ").strip()


@dataclass(frozen=True)
class Vocabulary:
    """The subwords of both languages."""

    english: Subwords
    russian: Subwords

    @classmethod
    def from_pairs(cls, pairs: Sequence[SentencePair], size: int) -> "Vocabulary":
        """`size` subwords for each language."""
        english = [normalize_english(pair.english) for pair in pairs]
        return cls(
            # Letters of other scripts that look like English ones are unknown.
            Subwords.from_sentences([text for text in english if text.isascii()], size),
            Subwords.from_sentences([pair.russian for pair in pairs], size),
        )
