"""How legible what the model writes is, to a reader trained apart, and how much a primed line is like its writer's."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.data.ink import to_strokes
from training.data.ink_batches import STEPS, InkBatches
from training.data.ink_cleaning import CleanInk
from training.data.ink_geometry import slant
from training.device import device
from training.handwriting.model import Synthesizer
from training.handwriting.synthesis import Line, Prime, style_of, write
from training.reading.decoding import edits, error_rates, greedy
from training.reading.model import frame_lengths

_BATCH = 50
_REDRAWS = 3
_LENGTHS = (0, 20, 35, 60)  # characters by which lines are told apart


def sentences(limit: int | None = None) -> dict[str, list[str]]:
    """The 200 fixed lines by group: ordinary English, capitals, and signs (addresses, prices, equations).

    Args:
        limit: how many of each group, the first ones.
    """
    found = json.loads(Path(__file__).with_name("sentences.json").read_text(encoding="utf-8"))
    return {group: lines[:limit] for group, lines in found.items()}


def write_all(
    model: Synthesizer,
    texts: Sequence[str],
    styles: Sequence[Tensor],
    bias: float,
    seed: int,
    primes: Sequence[Prime] | None = None,
) -> list[Line]:
    """Write lines in batches of like length, line i in the style i mod len(styles)."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    lines: list[Line | None] = [None] * len(texts)
    for start in range(0, len(order), _BATCH):
        part = order[start : start + _BATCH]
        style = torch.stack([styles[i % len(styles)] for i in part])
        chosen = [primes[i] for i in part] if primes else None
        found = write(model, [texts[i] for i in part], style, bias, seed * 1009 + start, chosen)
        for i, line in zip(part, found, strict=True):
            lines[i] = line
    return lines


def read_lines(reader: Callable[[Tensor], Tensor], lines: Sequence[Line]) -> list[str]:
    """What the reader reads, greedily; every line is put to x = 0 as training lines are."""
    moved = [line.offsets.copy() for line in lines]
    for offsets in moved:
        offsets[0, 0] -= np.cumsum(offsets[:, 0]).min()  # the left edge
    return read_offsets(reader, moved)


@torch.inference_mode()
def read_offsets(reader: Callable[[Tensor], Tensor], lines: Sequence[np.ndarray]) -> list[str]:
    """What the reader reads, greedily, of offsets [T, 3] in steps that lead from the left edge on the baseline."""
    texts = []
    for offsets in lines:
        points = torch.from_numpy(offsets).unsqueeze(0).to(device())
        frames = int(frame_lengths(torch.tensor([len(offsets)])))
        texts.append(greedy(reader(points)[0, :frames].cpu().numpy()))
    return texts


@dataclass(frozen=True)
class Reading:
    """What a reader reads of a line that was written.

    Attributes:
        style: its name.
        redrawn: what is read of the line after redraws, which is `read` where the first was complete.
        skipped: whether the window never lay on a character other than a space.
        points: of the first line.
    """

    group: str
    style: str
    text: str
    read: str
    redrawn: str
    complete: bool
    skipped: bool
    points: int


def legibility(
    model: Synthesizer,
    reader: Callable[[Tensor], Tensor],
    styles: Mapping[str, Tensor],
    bias: float,
    seed: int,
    limit: int | None = None,
) -> list[Reading]:
    """Every sentence in every style, read."""
    found = []
    vectors = list(styles.values())
    for group, texts in sentences(limit).items():
        texts = [text for text in texts for _ in styles]
        lines = write_all(model, texts, vectors, bias, seed)
        redrawn = list(lines)
        for attempt in range(1, _REDRAWS + 1):
            again = [i for i, line in enumerate(redrawn) if not line.complete]
            if again:
                chosen = [vectors[i % len(vectors)] for i in again]
                new = write_all(model, [texts[i] for i in again], chosen, bias, seed + attempt)
                for i, line in zip(again, new, strict=True):
                    redrawn[i] = line
        names = list(styles) * (len(texts) // len(styles))
        found += [
            Reading(group, style, text, read, better, line.complete, _skips(text, line), len(line.offsets))
            for style, text, line, read, better in zip(
                names, texts, lines, read_lines(reader, lines), read_lines(reader, redrawn), strict=True
            )
        ]
    return found


def _skips(text: str, line: Line) -> bool:
    reached = set(line.reached.tolist())
    return any(c != " " and u not in reached for u, c in enumerate(text))


def summary(readings: Sequence[Reading]) -> dict[str, float]:
    """CER in percent without and with redraws, and failures a thousand lines.

    A runaway left its band or did not end; illegible means that more than half of the characters are misread.
    """
    thousand = 1000 / len(readings)
    illegible = sum(edits(r.text, r.read) > len(r.text) / 2 for r in readings)
    return {
        "lines": len(readings),
        "CER": error_rates((r.text, r.read) for r in readings)[0],
        "CER with redraws": error_rates((r.text, r.redrawn) for r in readings)[0],
        "runaways ‰": thousand * sum(not r.complete for r in readings),
        "skipped ‰": thousand * sum(r.skipped for r in readings),
        "illegible ‰": thousand * illegible,
        "points per character": sum(r.points for r in readings) / sum(len(r.text) for r in readings),
    }


def summaries(readings: Sequence[Reading], bias: float) -> dict[tuple[str, str], dict[str, float]]:
    """Rows of metrics.json, (model, data): by group, by length, and by style where there are several."""
    rows = {}
    label = f"bias {bias:g}"
    for group in dict.fromkeys(r.group for r in readings):
        rows[label, f"synthesised, {group}"] = summary([r for r in readings if r.group == group])
    for shortest, longest in pairwise(_LENGTHS):
        some = [r for r in readings if shortest < len(r.text) <= longest]
        if some:
            rows[f"{shortest + 1} to {longest} characters, {label}", "synthesised, by length"] = summary(some)
    styles = list(dict.fromkeys(r.style for r in readings))
    for style in styles if len(styles) > 1 else []:
        some = [r for r in readings if r.style == style]
        groups = dict.fromkeys(r.group for r in some)
        rates = {f"CER {group}": summary([r for r in some if r.group == group])["CER with redraws"] for group in groups}
        rows[f"{style}, {label}", "synthesised, by style"] = rates | summary(some)
    return rows


def style_features(offsets: np.ndarray, characters: int) -> np.ndarray:
    """What a hand looks like, whatever it writes: directions, turns, proportions, lifts.

    Args:
        offsets: [T, 3] in steps.
    """
    strokes = to_strokes(offsets)
    steps = [np.diff(stroke, axis=0) for stroke in strokes if len(stroke) > 1] or [np.ones((1, 2))]
    angles = [np.arctan2(step[:, 1], step[:, 0]) for step in steps]
    directions, _ = np.histogram(np.concatenate(angles), 16, (-np.pi, np.pi))
    turns = np.concatenate([np.angle(np.exp(1j * np.diff(angle))) for angle in angles])
    turned, _ = np.histogram(turns, 12, (-np.pi / 2, np.pi / 2))
    points = np.concatenate(strokes)
    heights = np.quantile(points[:, 1] - np.median(points[:, 1]), [0.02, 0.1, 0.25, 0.75, 0.9, 0.98]) / STEPS
    shares = [h / max(h.sum(), 1) for h in (directions, turned)]
    rest = [
        slant(strokes),
        np.ptp(points[:, 0]) / characters / STEPS,
        len(offsets) / characters,
        len(strokes) / characters,
    ]
    return np.concatenate([*shares, heights, rest]).astype(np.float32)


def likeness(model: Synthesizer, ink: CleanInk, count: int, seed: int, bias: float = 0.8) -> dict[str, float]:
    """How often a classifier of writers names the one whose line the model was primed with, in percent.

    The writers are ones that the model has not seen. The classifier (softmax regression on `style_features`) learns from
    half of their lines; the other half says how good it is, and primes the model, which then writes other texts.

    Args:
        count: primed lines to write.

    Raises:
        ValueError: fewer than two writers have enough lines.
    """
    batches = InkBatches(ink, {}, seed, joined=1.0, balanced=False, varied=False)
    generator = np.random.default_rng(seed)
    by_writer: dict[str, list[tuple[np.ndarray, str]]] = {}
    for line in (line for batch in batches.batches for line in batch):
        offsets, text = batches.line(line, generator)
        if len(text) >= 12:
            scaled = offsets * np.array([STEPS, STEPS, 1], np.float32)
            by_writer.setdefault(ink.writers[line[0]], []).append((scaled, text))
    by_writer = {writer: lines for writer, lines in by_writer.items() if len(lines) >= 8}
    if len(by_writer) < 2:
        raise ValueError("a classifier of writers needs two with eight lines each: use more of the data set")
    known, tests = [], []
    for w, lines in enumerate(by_writer.values()):
        known += [(style_features(o, len(t)), w) for o, t in lines[::2]]
        tests += [(o, t, w) for o, t in lines[1::2]]
    features = np.stack([f for f, _ in known])
    mean, deviation = features.mean(0), features.std(0) + 1e-6
    labels = torch.tensor([w for _, w in known])
    layer = nn.Linear(features.shape[1], len(by_writer))
    inputs = torch.from_numpy((features - mean) / deviation)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=200)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(layer(inputs), labels) + 1e-3 * layer.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)

    def share_right(lines: Sequence[tuple[np.ndarray, str]], truth: Sequence[int]) -> float:
        found = np.stack([style_features(o, len(t)) for o, t in lines])
        with torch.inference_mode():
            guessed = layer(torch.from_numpy((found - mean) / deviation)).argmax(1)
        return 100 * (guessed == torch.tensor(truth)).float().mean().item()

    chosen = [tests[i] for i in generator.permutation(len(tests))[:count]]
    ordinary = sentences()["ordinary"]
    texts = (ordinary * -(-count // len(ordinary)))[: len(chosen)]
    unprimed = style_of(model, None)
    primes = [Prime(o, t) for o, t, _ in chosen]
    truth = [w for *_, w in chosen]
    primed = write_all(model, texts, [unprimed], bias, seed, primes)
    plain = write_all(model, texts, [unprimed], bias, seed)
    return {
        "writers": len(by_writer),
        "real lines": share_right([(o, t) for o, t, _ in tests], [w for *_, w in tests]),
        "primed lines": share_right([(line.offsets, t) for line, t in zip(primed, texts, strict=True)], truth),
        "unprimed lines": share_right([(line.offsets, t) for line, t in zip(plain, texts, strict=True)], truth),
    }
