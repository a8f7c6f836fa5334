"""What was written, out of what the label says, and the cutting of long lines at the words of their text."""

import re
from collections.abc import Sequence

import numpy as np

from training.data.ink import plain_text
from training.data.ink_geometry import gaps

_TIGHT_BEFORE = re.compile(r" (?=[.,;:!?)](?:\s|$|[\"')]))")
_APOSTROPHE = re.compile(r"(?<=\w) ' (?=(?:s|t|d|m|ll|re|ve)\b)")
_HYPHENATED = re.compile(r"(?<=[a-z]) -$")
_DIGITS_APART = re.compile(r"(?<![^\s\d])(?:\d ){2,}\d(?!\S)")


def written_text(label: str, writer: str) -> str:
    """The text as people write it: labels that were split into tokens put spaces where the ink has none.

    "wasn ' t , Unfor -" becomes "wasn't, Unfor-"; UNIPEN's kai marks where letters touch with "\\@", hpb sets digits apart.
    """
    if writer.startswith("unipen/kai/"):
        label = label.replace("\\@", "")
    text = plain_text(label)
    text = _HYPHENATED.sub("-", _APOSTROPHE.sub("'", _TIGHT_BEFORE.sub("", text)))
    if writer.startswith("unipen/hpb/"):
        text = _DIGITS_APART.sub(lambda match: match[0].replace(" ", ""), text)
    return text


def cut_into_lines(
    strokes: Sequence[np.ndarray], text: str, longest: int
) -> list[tuple[Sequence[np.ndarray], str]] | None:
    """Pieces of at most `longest` characters, cut between words; None where the words are not found in the ink.

    The words are matched to the ink by dynamic programming over the gaps between strokes: a word's width should be what
    its share of the characters lets one expect, and its gap should be wide.
    """
    words = text.split(" ")
    white = gaps(strokes)
    left = np.array([stroke[:, 0].min() for stroke in strokes])
    right = np.maximum.accumulate([stroke[:, 0].max() for stroke in strokes])
    per_character = (right[-1] - left.min()) / len(text)
    # Stroke numbers at which a word may begin, and the end.
    starts = np.array([0, *(np.flatnonzero(white > 0) + 1), len(strokes)])
    if len(starts) <= len(words):
        return None
    gap = np.array([0.0, *white[white > 0], 0.0])
    begin = np.append(np.minimum.accumulate(left[::-1])[::-1][starts[:-1]], right[-1])
    width = right[starts[1:] - 1][None, :] - begin[:-1, None]  # [first, last candidate − 1] of a word
    possible = np.tri(*width.shape, k=-1) == 0
    reward = np.minimum(gap / per_character, 1.5)
    best = np.full(len(starts), np.inf)
    best[0] = 0.0
    came_from = []
    for word in words:
        # Half a character more on both sides: "I" is hardly wider than its pen.
        deviation = np.log((np.maximum(width, 0) + 0.5 * per_character) / (per_character * (len(word) + 0.3)))
        cost = np.where(possible, best[:-1, None] + 2 * deviation**2, np.inf)
        came_from.append(np.append(0, cost.argmin(0)))
        best = np.append(np.inf, cost.min(0)) - reward
    if not np.isfinite(best[-1]):
        return None
    bounds = [len(starts) - 1]
    for sources in reversed(came_from):
        bounds.append(int(sources[bounds[-1]]))
    bounds = [int(starts[b]) for b in reversed(bounds)]

    pieces = -(-len(text) // longest)
    while True:
        limit = len(text) / pieces
        groups: list[list[int]] = [[]]
        length = 0
        for i, word in enumerate(words):
            if groups[-1] and length + len(word) / 2 > limit * len(groups) and len(groups) < pieces:
                groups.append([])
            groups[-1].append(i)
            length += len(word) + 1
        texts = [" ".join(words[i] for i in group) for group in groups]
        if max(map(len, texts)) <= longest:
            break
        pieces += 1
        if pieces > len(words):
            return None
    cut = [
        (strokes[bounds[group[0]] : bounds[group[-1] + 1]], piece) for group, piece in zip(groups, texts, strict=True)
    ]
    for part, piece in cut:
        points = np.concatenate(part)
        if not 0.7 < np.ptp(points[:, 0]) / len(piece) / per_character < 1.4:
            return None
    return cut
