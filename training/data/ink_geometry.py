"""Geometry of ink: constant arc length, and the frame of a line, which is its x-height, baseline and slope."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_TALL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789bdfhklt!?()[]{}|/\\%&$#@\"'`^")
_DEEP = set("gjpqyQ,;()[]{}|/\\$@_")
_SMALL = set("acemnorsuvwxz")
_HEIGHTLESS = set(".,-_'`\"~^:;=+*<> ")
_TALL_HEIGHT, _DEPTH = 1.9, 0.8  # of letters above and below the baseline, in x-heights


@dataclass(frozen=True)
class Frame:
    """Where a line of writing lies, in the unit of its points; y grows downwards.

    Attributes:
        weight: how far the x-height was measured on this ink: 0 where its text has no letter that shows it.
    """

    x_height: float
    baseline: float
    slope: float
    weight: float


def resample(stroke: np.ndarray, step: float, smoothing: float = 0.0) -> np.ndarray:
    """Points at a constant distance along the stroke, which begins and ends where it did.

    The step is stretched so that a whole number of them fits; a stroke shorter than half a step becomes one point.

    Args:
        stroke: [points, 2].
        smoothing: standard deviation of a Gaussian along the stroke, against the grid of coarse tablets; in the unit of
            `step`, at most some steps.
    """
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    moved = np.concatenate([[True], lengths > 0])
    stroke, total = stroke[moved].astype(np.float64), float(lengths.sum())
    if total < step / 2:
        return stroke.mean(0, keepdims=True)
    along = np.concatenate([[0.0], np.cumsum(lengths[lengths > 0])])
    if smoothing > 0:
        dense = np.linspace(0, total, max(3, round(4 * total / step) + 1))
        curve = np.stack([np.interp(dense, along, stroke[:, i]) for i in (0, 1)], 1)
        sigma = smoothing / dense[1]
        reach = min(int(np.ceil(3 * sigma)), len(curve) - 1)
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
        # Mirrored through the end points, so that these stay where they are.
        before = 2 * curve[0] - curve[reach:0:-1]
        after = 2 * curve[-1] - curve[-2 : -reach - 2 : -1]
        padded = np.concatenate([before, curve, after])
        stroke = np.stack([np.convolve(padded[:, i], kernel / kernel.sum(), "valid") for i in (0, 1)], 1)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
        total = float(along[-1])
    places = np.linspace(0, total, max(1, round(total / step)) + 1)
    return np.stack([np.interp(places, along, stroke[:, i]) for i in (0, 1)], 1)


def _turns(strokes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The highest and the lowest points of every up and down of the pen: tops [n, 2] and bottoms [m, 2]."""
    tops, bottoms = [], []
    for stroke in strokes:
        if len(stroke) < 3:
            continue
        direction = np.sign(np.diff(stroke[:, 1]))
        ahead = np.concatenate([direction, [-direction[-1]]])
        behind = np.concatenate([[-direction[0]], direction])
        tops.append(stroke[(behind < 0) & (ahead >= 0)])
        bottoms.append(stroke[(behind > 0) & (ahead <= 0)])
    empty = np.zeros((0, 2))
    return np.concatenate([empty, *tops]), np.concatenate([empty, *bottoms])


def _mode(values: np.ndarray, bandwidth: float, expected: float, spread: float) -> float:
    """The most frequent value where a Gaussian prior around `expected` allows it; `expected` without values."""
    if not len(values):
        return expected
    grid = np.linspace(expected - 2.5 * spread, expected + 2.5 * spread, 101)
    density = np.exp(-0.5 * ((grid[:, None] - values[None]) / bandwidth) ** 2).sum(1) + 1e-3
    return float(grid[np.argmax(np.log(density) - 0.5 * ((grid - expected) / spread) ** 2)])


def _slope(bottoms: np.ndarray, size: float) -> float:
    """The slope of the line on which the bottoms stand: least squares, thrice without what lies off it."""
    kept = bottoms
    slope = 0.0
    for _ in range(4):
        if len(kept) < 6 or np.ptp(kept[:, 0]) < 4 * size:
            break
        slope, offset = np.polyfit(kept[:, 0], kept[:, 1], 1)
        distance = bottoms[:, 1] - slope * bottoms[:, 0] - offset
        kept = bottoms[np.abs(distance) < max(0.15 * size, np.median(np.abs(distance)))]
    return float(np.clip(slope, -0.3, 0.3))


def frame(strokes: Sequence[np.ndarray], text: str) -> Frame:
    """Estimate x-height, baseline and slope from where the pen turns, with what the text lets one expect.

    Tops of lower-case letters without ascender and bottoms of letters without descender are the most frequent turns. The
    text says which height to expect of the whole: with or without ascenders, with or without descenders.
    """
    points = np.concatenate(strokes)
    low, high = np.quantile(points[:, 1], [0.02, 0.98])
    size = max(high - low, 1e-3 * np.ptp(points[:, 0]), 1e-6)
    dense = [resample(stroke, size / 30) for stroke in strokes]
    _, bottoms = _turns(dense)
    slope = _slope(bottoms, size) if len(text) >= 6 else 0.0
    level = [stroke - np.stack([0 * stroke[:, 0], slope * stroke[:, 0]], 1) for stroke in dense]
    ys = np.concatenate(level)[:, 1]
    low, high = np.quantile(ys, [0.01, 0.99])
    above = _TALL_HEIGHT if _TALL & set(text) else 1.0
    below = _DEPTH if _DEEP & set(text) else 0.0
    shown = sum(c not in _HEIGHTLESS for c in text)
    expected = max(high - low, 1e-6) / (above + below)
    tops, bottoms = _turns(level)
    baseline = _mode(bottoms[:, 1], 0.12 * expected, high - below * expected, 0.4 * expected)
    letters = sum(c in _SMALL for c in text)
    if letters:
        heights = baseline - tops[:, 1]
        heights = np.log(heights[heights > 0.3 * expected] / expected)
        expected *= float(np.exp(_mode(heights, 0.1, 0.0, 0.3)))
    weight = letters + 0.5 * (shown - letters) if shown else 0.0
    return Frame(expected, baseline, slope, weight)


def normalise(strokes: Sequence[np.ndarray], frame: Frame, x_height: float | None = None) -> list[np.ndarray]:
    """Strokes in x-heights, levelled, with the baseline at y = 0 and the left edge at x = 0.

    Args:
        x_height: another than the frame's own.
    """
    scale = x_height or frame.x_height
    left = min(stroke[:, 0].min() for stroke in strokes)
    return [
        np.stack([stroke[:, 0] - left, stroke[:, 1] - frame.slope * stroke[:, 0] - frame.baseline], 1) / scale
        for stroke in strokes
    ]


def slant(strokes: Sequence[np.ndarray]) -> float:
    """The shear dx/dy of writing: what upright strokes lean by, weighted by their length; positive leans to the right."""
    steps = np.concatenate([np.diff(stroke, axis=0) for stroke in strokes])
    steep = np.abs(steps[:, 1]) > 1.2 * np.abs(steps[:, 0])
    if not steep.any():
        return 0.0
    lean = -steps[steep, 0] * np.sign(steps[steep, 1])
    return float(lean.sum() / np.abs(steps[steep, 1]).sum())


def gaps(strokes: Sequence[np.ndarray]) -> np.ndarray:
    """The white between stroke i and those after it, [strokes − 1]; negative where they overlap."""
    right = np.maximum.accumulate([stroke[:, 0].max() for stroke in strokes])
    left = np.minimum.accumulate([stroke[:, 0].min() for stroke in strokes][::-1])[::-1]
    return left[1:] - right[:-1]
