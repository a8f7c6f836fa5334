"""The characters that are read and written, and how other spellings of them are written with these."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

# What typewriters, as those who typed the books did, have one sign for. `lib/language/characters.ts` does the same.
SPELLINGS = {
    "\r\n": "\n",
    "\r": "\n",
    "\t": " ",
    "\u00a0": " ",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "—": "--",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "…": "...",
}


def spell(text: str) -> str:
    """The text with typographic quotes, dashes and spaces as on a typewriter, and letters without their accents."""
    for found, written in SPELLINGS.items():
        text = text.replace(found, written)
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


@dataclass(frozen=True)
class Characters:
    """Characters by id."""

    known: str
    ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "ids", {character: i for i, character in enumerate(self.known)})

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "Characters":
        """Those of the texts, in the order of Unicode."""
        return cls("".join(sorted({character for text in texts for character in spell(text)})))

    def encode(self, text: str) -> np.ndarray:
        """Ids (int64) of the text's characters; those that are not known are left out."""
        return np.array([self.ids[c] for c in spell(text) if c in self.ids], np.int64)

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(self.known[i] for i in ids)
