"""Online handwriting as every loader gives it and every model reads it: strokes, text, writer.

Shapes in names: T points of a line, and 3 numbers a point, the offset (dx, dy) from the point before and whether the pen
lifts after it. x grows to the right and y downwards.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHARACTERS = "".join(chr(code) for code in range(32, 127))  # the printable ASCII characters; ids start at 1
IDS = {character: i + 1 for i, character in enumerate(CHARACTERS)}
PAD = 0  # after the end of a text, and CTC's blank

_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛´′ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\t\n\r\u00a0\u2002\u2003\u2009", " "),
        "…": "...",
        "×": "x",
        "÷": "/",
    }
)


@dataclass(frozen=True)
class Ink:
    """One piece of handwriting.

    Attributes:
        strokes: float arrays [points, 2] of pen-down strokes in the order of writing, in any unit; none is empty.
        text: what was written.
        writer: unique over data sets: "unipen/sta/hpb0-aeb"; "" after the data set's name where it is not known.
    """

    strokes: tuple[np.ndarray, ...]
    text: str
    writer: str


def require(path: Path, layout: str) -> Path:
    """The path.

    Raises:
        ValueError: it does not exist; the message shows the layout expected.
    """
    if not path.exists():
        raise ValueError(f"{path} is missing: {layout}")
    return path


def plain_text(text: str) -> str:
    """The text with typographic variants and accents written in printable ASCII, and single spaces.

    What has no such form stays; `is_plain` tells.
    """
    text = unicodedata.normalize("NFKD", text.translate(_VARIANTS))
    return re.sub(" +", " ", "".join(c for c in text if not unicodedata.combining(c))).strip()


def is_plain(text: str) -> bool:
    """Whether there are only printable ASCII characters, and at least one."""
    return bool(text) and all(c in IDS for c in text)


def encode(text: str) -> list[int]:
    """Character ids, 1 for a space to 95 for a tilde."""
    return [IDS[c] for c in text]


def decode(ids: Sequence[int]) -> str:
    return "".join(CHARACTERS[i - 1] for i in ids if i != PAD)


def to_offsets(strokes: Sequence[np.ndarray]) -> np.ndarray:
    """float32 [T, 3] of strokes; the first offset leads from the origin to the first point."""
    points = np.concatenate(strokes)
    offsets = np.zeros((len(points), 3), np.float32)
    offsets[:, :2] = np.diff(points, axis=0, prepend=np.zeros((1, 2)))
    offsets[np.cumsum([len(s) for s in strokes]) - 1, 2] = 1
    return offsets


def to_strokes(offsets: np.ndarray) -> list[np.ndarray]:
    """The inverse of `to_offsets`; points after the last lift are a stroke of their own."""
    points = np.cumsum(offsets[:, :2], axis=0)
    parts = np.split(points, np.flatnonzero(offsets[:, 2] > 0.5) + 1)
    return [part for part in parts if len(part)]
