"""From raw ink to lines that models learn from: framed, resampled, in printable ASCII, without what cannot be right.

The result is kept in one npz under the cache folder, named after everything that it depends on.
"""

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from tqdm import tqdm

from training.data.ink import Ink, is_plain, to_offsets, to_strokes
from training.data.ink_geometry import Frame, frame, gaps, normalise, resample, slant
from training.data.ink_text import cut_into_lines, written_text

_VERSION = 2  # of the rules below: an older cache is not read
_UNIT = 250  # stored integers in an x-height


@dataclass(frozen=True)
class Cleaning:
    """The rules. Lengths are in x-heights.

    Attributes:
        step: distance of points along the ink.
        smoothing: of the path before that, against coarse tablets.
        longest: characters; longer lines are cut at words.
        level, deslant: what is taken out of the writing.
        word_gap: white inside a text without spaces is closed to `letter_gap` where it is wider than this.
        space: white between words is closed to this where it is wider.
        tolerance: how many times more or less ink or width than its characters let one expect a text may have.
    """

    step: float = 0.2
    smoothing: float = 0.08
    longest: int = 60
    level: bool = True
    deslant: bool = False
    word_gap: float = 0.9
    letter_gap: float = 0.45
    space: float = 2.5
    tolerance: float = 2.2


@dataclass(frozen=True)
class CleanInk:
    """Samples in a few arrays.

    Attributes:
        points: int16 [N, 2] steps in 1/250 x-height; a sample's first leads from its left edge on the baseline.
        lifts: bool [N].
        bounds: [S + 1] of the samples.
        names: [S], e.g. "unipen_text/123" or, for a piece of a line, "unipen_text/123/2".
        report: how many samples were dropped or changed, by reason.
    """

    points: np.ndarray
    lifts: np.ndarray
    bounds: np.ndarray
    texts: list[str]
    writers: list[str]
    names: list[str]
    report: dict[str, int]

    def __len__(self) -> int:
        return len(self.texts)

    def offsets(self, index: int) -> np.ndarray:
        """float32 [T, 3] in x-heights."""
        a, b = self.bounds[index], self.bounds[index + 1]
        return np.concatenate([self.points[a:b] / np.float32(_UNIT), self.lifts[a:b, None]], 1, dtype=np.float32)

    def select(self, kept: Sequence[int]) -> "CleanInk":
        """The samples of these numbers."""
        places = [np.arange(self.bounds[i], self.bounds[i + 1]) for i in kept]
        rows = np.concatenate([np.zeros(0, np.int64), *places])
        bounds = np.cumsum([0, *(len(p) for p in places)])
        parts = ([values[i] for i in kept] for values in (self.texts, self.writers, self.names))
        return CleanInk(self.points[rows], self.lifts[rows], bounds, *parts, self.report)


def clean(samples: Iterable[tuple[str, Ink]], rules: Cleaning) -> CleanInk:
    """Clean named samples; what is dropped is counted by reason."""
    report: Counter[str] = Counter()
    framed: list[tuple[str, str, str, list[np.ndarray], Frame]] = []
    for name, ink in tqdm(samples, desc="framing ink", unit="sample"):
        report["read"] += 1
        text = written_text(ink.text, ink.writer)
        if not is_plain(text):
            report["dropped: not in printable ASCII"] += 1
            continue
        if not any(c.isalnum() for c in text) and len(text) < 3:
            report["dropped: a lone sign, which shows no height"] += 1
            continue
        pieces = [(ink.strokes, text)]
        if len(text) > rules.longest:
            pieces = cut_into_lines(ink.strokes, text, rules.longest)
            if pieces is None:
                report["dropped: long, and its words are not found in the ink"] += 1
                continue
            report["cut into lines"] += 1
            report["lines from cutting"] += len(pieces)
        for i, (strokes, piece) in enumerate(pieces):
            part = f"{name}/{i}" if len(pieces) > 1 else name
            framed.append((part, piece, ink.writer, list(strokes), frame(strokes, piece)))
    typical = _typical_heights(framed)
    shaped = []
    for name, text, writer, strokes, found in tqdm(framed, desc="resampling ink", unit="sample"):
        # What is measured on a few letters leans on the writer's other samples.
        trust = found.weight / (found.weight + 4)
        height = float(np.exp(trust * np.log(found.x_height) + (1 - trust) * np.log(typical[writer])))
        if not 1 / 2.5 < found.x_height / height < 2.5:
            report["dropped: a size unlike the writer's"] += 1
            continue
        placed = Frame(found.x_height, found.baseline, found.slope if rules.level else 0.0, found.weight)
        strokes = _tidy(normalise(strokes, placed, height), text, rules, report)
        if strokes is None:
            continue
        offsets = to_offsets([resample(stroke, rules.step, rules.smoothing) for stroke in strokes])
        shaped.append((name, text, writer, np.rint(offsets[:, :2].cumsum(0) * _UNIT), offsets[:, 2] > 0.5))
    kept = _drop_disagreeing(shaped, rules, report)
    report["kept"] = len(kept)
    return _pack(kept, report)


def _typical_heights(framed: list) -> dict[str, float]:
    heights: dict[str, list[tuple[float, float]]] = {}
    for _, _, writer, _, found in framed:
        heights.setdefault(writer, []).append((found.x_height, found.weight + 0.1))
    typical = {}
    for writer, values in heights.items():
        height, weight = np.array(sorted(values)).T
        typical[writer] = float(height[np.searchsorted(weight.cumsum(), weight.sum() / 2)])  # the weighted median
    return typical


def _tidy(strokes: list[np.ndarray], text: str, rules: Cleaning, report: Counter[str]) -> list[np.ndarray] | None:
    """Strokes without stray dots and too wide gaps; None for what is not one line."""
    points = np.concatenate(strokes)
    center, width = np.median(points[:, 0]), np.ptp(points[:, 0])
    small = [np.ptp(s, axis=0).max() < 0.3 for s in strokes]
    far = [
        tiny and not (-3.5 < s[:, 1].mean() < 2.0 and abs(s[:, 0].mean() - center) < 0.5 * len(text) * 2.5 + 4)
        for tiny, s in zip(small, strokes, strict=True)
    ]
    if any(far):
        report["stray dots removed"] += sum(far)
        strokes = [s for s, away in zip(strokes, far, strict=True) if not away]
        if not strokes:
            report["dropped: no ink"] += 1
            return None
        width = np.ptp(np.concatenate(strokes)[:, 0])
    for before, after in pairwise(strokes):
        if before[-1, 0] - after[0, 0] > max(0.4 * width, 4) and after[0, 1] - before[-1, 1] > 1.2:
            report["dropped: more than one line"] += 1
            return None
    ys = np.concatenate(strokes)[:, 1]
    if ys.min() < -5 or ys.max() > 4:
        report["dropped: too high or too deep"] += 1
        return None
    strokes = _close_gaps(strokes, text, rules, report)
    if rules.deslant:
        lean = slant(strokes)
        strokes = [np.stack([s[:, 0] + lean * s[:, 1], s[:, 1]], 1) for s in strokes]
    left = min(s[:, 0].min() for s in strokes)
    return [s - [left, 0] for s in strokes]


def _close_gaps(strokes: list[np.ndarray], text: str, rules: Cleaning, report: Counter[str]) -> list[np.ndarray]:
    white = gaps(strokes)
    limit, closed = (rules.space, rules.space) if " " in text else (rules.word_gap, rules.letter_gap)
    excess = np.where(white > limit, white - closed, 0.0)
    if not excess.any():
        return strokes
    report["wide gaps closed in samples"] += 1
    shifts = np.concatenate([[0.0], np.cumsum(excess)])
    return [s - [shift, 0] for s, shift in zip(strokes, shifts, strict=True)]


def _drop_disagreeing(shaped: list, rules: Cleaning, report: Counter[str]) -> list:
    """Leave out samples with much more or less ink or width than the characters of their text have elsewhere."""
    if not shaped:
        return []
    alphabet = sorted({c for _, text, *_ in shaped for c in text})
    place = {c: i for i, c in enumerate(alphabet)}
    counts = np.zeros((len(shaped), len(alphabet)), np.float32)
    for row, (_, text, *_) in zip(counts, shaped, strict=True):
        for c in text:
            row[place[c]] += 1
    points = np.array([len(positions) for *_, positions, _ in shaped], np.float64)
    widths = np.array([np.ptp(positions[:, 0]) / _UNIT + 0.3 for *_, positions, _ in shaped], np.float64)
    right = np.ones(len(shaped), bool)
    for name, values in (("ink", points), ("width", widths)):
        fine = np.ones(len(shaped), bool)
        for _ in range(3):  # the means of characters, thrice without what lies far off
            weight = 1 / np.maximum(values, 1e-3)  # relative errors count
            rows = counts[fine] * weight[fine, None]
            ridge = 1e-2 * len(rows) * np.eye(len(alphabet)) * np.square(weight).mean()
            mean = np.median(values / counts.sum(1))
            found = np.linalg.solve(rows.T @ rows + ridge, rows.T @ (1 - rows.sum(1) * mean)) + mean
            expected = counts @ np.maximum(found, 0.1 * mean)
            ratio = values / expected
            # Short texts vary more.
            allowed = rules.tolerance * (1 + 1 / counts.sum(1))
            fine = (ratio < allowed) & (ratio > 1 / allowed)
        report[f"dropped: too little {name} for the text"] += int((right & (ratio <= 1 / allowed)).sum())
        report[f"dropped: too much {name} for the text"] += int((right & (ratio >= allowed)).sum())
        right &= fine
    return [sample for sample, good in zip(shaped, right, strict=True) if good]


def _pack(kept: list, report: Counter[str]) -> CleanInk:
    points = [np.diff(positions, axis=0, prepend=0).astype(np.int16) for *_, positions, _ in kept]
    names, texts, writers = ([sample[i] for sample in kept] for i in range(3))
    empty = np.zeros((0, 2), np.int16)
    return CleanInk(
        np.concatenate([empty, *points]),
        np.concatenate([np.zeros(0, bool), *(lifts for *_, lifts in kept)]),
        np.cumsum([0, *map(len, points)]),
        texts,
        writers,
        names,
        {reason: int(count) for reason, count in report.items()},
    )


def cached(
    sources: Sequence[Path], read: Callable[[], Iterable[tuple[str, Ink]]], rules: Cleaning, folder: Path
) -> CleanInk:
    """The cleaned samples, from the cache where they are there.

    Args:
        sources: the files or folders that `read` reads; the cache is named after their names and sizes.
    """
    files = [f for s in sources for f in (sorted(s.rglob("*")) if s.is_dir() else [s]) if f.is_file()]
    key = json.dumps([_VERSION, asdict(rules), [(f.name, f.stat().st_size) for f in files]])
    path = folder / f"ink-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz"
    if int(os.environ.get("RANK", 0)) > 0:
        # Under torchrun the first process fills the cache, and the others wait for it.
        while not path.exists():
            time.sleep(1)
    if not path.exists():
        found = clean(read(), rules)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.npz")
        strings = {"texts": np.array(found.texts), "writers": np.array(found.writers), "names": np.array(found.names)}
        arrays = {"points": found.points, "lifts": np.packbits(found.lifts), "bounds": found.bounds}
        np.savez(unfinished, **arrays, **strings, report=json.dumps(found.report))
        unfinished.replace(path)
    with np.load(path) as content:
        points = content["points"]
        texts, writers, names = (content[name].tolist() for name in ("texts", "writers", "names"))
        lifts = np.unpackbits(content["lifts"])[: len(points)].astype(bool)
        return CleanInk(points, lifts, content["bounds"], texts, writers, names, json.loads(str(content["report"])))


def without_misread(ink: CleanInk, losses: Path, highest: float) -> CleanInk:
    """Leave out the samples that a reader found hard.

    Args:
        losses: what `python -m training.reading score` writes: name, loss in nats a character, text, what was read.
        highest: loss above which a sample is left out.

    Raises:
        ValueError: the file is missing or of another layout.
    """
    layout = "a file of losses has one sample a line: name TAB nats per character TAB text TAB what was read"
    if not losses.exists():
        raise ValueError(f"{losses} is missing: {layout}")
    try:
        rows = [line.split("\t") for line in losses.read_text(encoding="utf-8").splitlines()]
        bad = {row[0] for row in rows if float(row[1]) > highest}
    except (IndexError, ValueError) as error:
        raise ValueError(f"{losses} cannot be read ({error}): {layout}") from error
    kept = [i for i, name in enumerate(ink.names) if name not in bad]
    chosen = ink.select(kept)
    chosen.report["dropped: misread by the reader"] = len(ink) - len(kept)
    return chosen


def strokes_of(ink: CleanInk, index: int) -> list[np.ndarray]:
    """A sample's strokes in x-heights, on the baseline y = 0 from x = 0."""
    return to_strokes(ink.offsets(index))
