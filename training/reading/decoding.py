"""From CTC's probabilities to text, and the errors of a text."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from training.data.ink import decode


def greedy(log_probabilities: np.ndarray) -> str:
    """The text of the likeliest path through [F, V]: repeats merged, blanks (0) left out."""
    path = log_probabilities.argmax(1)
    kept = path[np.insert(path[1:] != path[:-1], 0, True)]
    return decode(kept.tolist())


def beam_search(log_probabilities: np.ndarray, width: int = 8, candidates: int = 12) -> str:
    """The likeliest text by prefix search (Hannun et al. 2014) over [F, V], which adds up the paths of each text.

    Args:
        width: texts kept at each frame.
        candidates: characters tried at each frame.
    """
    never = -math.inf
    # By text: log-probability of the paths that end in a blank, and in its last character.
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, never)}
    for frame in log_probabilities:
        likely = np.argpartition(-frame, min(candidates, len(frame) - 1))[:candidates].tolist()
        following: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [never, never])

        def add(text: tuple[int, ...], end: int, value: float, into=following) -> None:
            into[text][end] = float(np.logaddexp(into[text][end], value))

        for text, (blank, character) in beams.items():
            total = float(np.logaddexp(blank, character))
            add(text, 0, total + frame[0])
            if text:
                add(text, 1, character + frame[text[-1]])
            for c in likely:
                if c == 0:
                    continue
                # A character twice needs a blank between.
                add((*text, c), 1, (blank if text and text[-1] == c else total) + frame[c])
        best = sorted(following.items(), key=lambda item: -np.logaddexp(*item[1]))[:width]
        beams = {text: (ends[0], ends[1]) for text, ends in best}
    return decode(max(beams.items(), key=lambda item: np.logaddexp(*item[1]))[0])


def alignment(truth: str, read: str) -> list[tuple[str, str]]:
    """Pairs (true, read) of a shortest edit; "" for a missing or an added character."""
    rows, columns = len(truth) + 1, len(read) + 1
    cost = np.zeros((rows, columns), np.int32)
    cost[:, 0], cost[0] = np.arange(rows), np.arange(columns)
    other = np.array(list(read))
    for i in range(1, rows):
        changed = cost[i - 1, :-1] + (other != truth[i - 1]) if len(read) else cost[i - 1, :0]
        cost[i, 1:] = np.minimum(changed, cost[i - 1, 1:] + 1)
        # An added character costs 1 more than its left neighbour.
        cost[i] = np.minimum.accumulate(cost[i] - np.arange(columns)) + np.arange(columns)
    pairs = []
    i, j = rows - 1, columns - 1
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (truth[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((truth[i], read[j]))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            pairs.append((truth[i], ""))
        else:
            j -= 1
            pairs.append(("", read[j]))
    return pairs[::-1]


def edits(truth: str, read: str) -> int:
    """The Levenshtein distance."""
    return sum(a != b for a, b in alignment(truth, read))


def error_rates(pairs: Iterable[tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """Character error rate in percent over (true, read) texts, and for each true character how often it was misread."""
    wrong, total, errors, length = Counter(), Counter(), 0, 0
    for truth, read in pairs:
        for a, b in alignment(truth, read):
            errors += a != b
            if a:
                length += 1
                total[a] += 1
                wrong[a] += a != b
    return 100 * errors / max(length, 1), {c: 100 * wrong[c] / n for c, n in sorted(total.items())}
