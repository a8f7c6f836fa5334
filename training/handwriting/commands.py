"""The verbs of `python -m training.handwriting`."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from torch import Tensor

from training.data.ink_batches import InkBatches, processes, single_batches
from training.data.ink_cleaning import strokes_of
from training.data.ink_sets import load_ink
from training.device import device
from training.handwriting import drawing, evaluation, exporting, synthesis
from training.handwriting.by_api import legibility_by_api
from training.handwriting.model import Synthesizer, SynthesizerConfig, load
from training.handwriting.train import SynthesisTask, dev_scores
from training.loop import LoopConfig, fit
from training.reading import model as reading_model
from training.reading.decoding import error_rates
from training.reading.exporting import ExportedReader
from training.report import add_row

_BIASES = (0.0, 0.5, 0.8, 1.5)


def train(options: argparse.Namespace) -> None:
    """Train a synthesiser; `--from` starts with the weights of an earlier one, which must know the same writers."""
    ink = load_ink(options, "train")
    if options.lines:
        ink = ink.select(range(0, len(ink), -(-len(ink) // options.lines)))
    dev = load_ink(options, "dev")
    dev = dev.select(range(0, len(dev), -(-len(dev) // options.dev_lines)))
    if options.start:
        model = load(options.start)
    else:
        writers = sorted(set(ink.writers))
        sizes = {"hidden": options.hidden, "mixtures": options.mixtures, "windows": options.windows}
        model = Synthesizer(SynthesizerConfig(writers, **sizes, feedback=not options.parallel))
    ids = {writer: i + 1 for i, writer in enumerate(model.config.writers)}
    dataset = InkBatches(ink, ids, options.seed, options.points, options.longest, options.joined)
    print(
        f"{len(ink)} samples of {len(set(ink.writers))} writers, {len(ink.points)} points, {len(dataset)} batches an epoch; "
        f"dev: {len(dev)} samples; {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters"
    )
    task = SynthesisTask(
        model, dataset, single_batches(dev, {}), options.rate, options.style_dropout, options.text_dropout
    )
    config = LoopConfig(options.out, options.epochs, processes(), options.seed, ema_decay=options.ema)
    fit(task, config, options.resume)


def data(options: argparse.Namespace) -> None:
    """Print what cleaning kept and dropped, and draw some lines."""
    for split in ("train", "dev"):
        ink = load_ink(options, split)
        counts = Counter("".join(ink.texts))
        print(
            f"{split}: {len(ink)} samples, {len(set(ink.writers))} writers, {len(ink.points)} points, {sum(counts.values())} characters"
        )
        print("  " + " ".join(f"{'space' if c == ' ' else c}:{n}" for c, n in counts.most_common()))
        if options.draw and split == "train":
            chosen = np.random.default_rng(options.seed).choice(len(ink), min(len(ink), 24), replace=False)
            drawing.save(options.draw, [(f"{ink.writers[i]}: {ink.texts[i]}", strokes_of(ink, i)) for i in chosen])
    print(json.dumps(ink.report, indent=2))


def evaluate(options: argparse.Namespace) -> None:
    """Log-loss on held-out writers, and what a reader reads of what the model, or a running app, writes."""
    if (options.checkpoint is None) == (options.url is None):
        raise ValueError("give one of --checkpoint and --url")
    rows: dict[tuple[str, str], dict[str, float]] = {}
    characters: dict[str, dict[str, float]] = {}
    ink = None
    if options.url:
        if not options.reader:
            raise ValueError("lines from an app need a --reader, e.g. models/handwriting/reader.onnx")
        reader = _load_reader(options.reader)
        for bias in options.bias or [None]:
            styles = options.style_names or []
            rows |= legibility_by_api(options.url, reader, styles, bias, options.seed, options.sentences)
        _print_rows(rows, options.write)
        return
    model = load(options.checkpoint).to(device())
    if options.unipen or options.iam:
        characters["in training"] = dict(Counter("".join(load_ink(options, "train").texts)))
        ink = load_ink(options, options.split)
        name = f"{'unipen' if options.unipen else 'iam-ondb'} {options.split}"
        rows[options.label, name] = {"lines": len(ink), **dev_scores(model, single_batches(ink, {}))}
    if options.reader:
        reader = _load_reader(options.reader)
        names = options.style_names or options.writers or ["unprimed"]
        styles = dict(zip(names, (synthesis.style_of(model, w) for w in options.writers or [None]), strict=True))
        for bias in options.bias or _BIASES:
            readings = evaluation.legibility(model, reader, styles, bias, options.seed, options.sentences)
            rows |= evaluation.summaries(readings, bias)
            _, characters[f"CER, synthesised, bias {bias:g}"] = error_rates((r.text, r.redrawn) for r in readings)
        if ink is not None and options.primed:
            found = evaluation.likeness(model, ink, options.primed, options.seed)
            rows[options.label, "lines like their writer's"] = found
    if not rows:
        raise ValueError("give data (--unipen or --iam), a --reader, or both")
    _print_rows(rows, options.write)
    if options.write:
        for row, counts in characters.items():
            add_row(options.write.with_name("characters.json"), row, "by character", dict(sorted(counts.items())))


def _load_reader(path: Path) -> Callable[[Tensor], Tensor]:
    return ExportedReader(path) if path.suffix == ".onnx" else reading_model.load(path).to(device())


def _print_rows(rows: Mapping[tuple[str, str], dict[str, float]], write: Path | None) -> None:
    for (row, name), scores in rows.items():
        print(f"{row}, {name}: {json.dumps(scores)}")
        if write:
            add_row(write, row, name, scores)


def sample(options: argparse.Namespace) -> None:
    """Draw what the model writes."""
    model = load(options.checkpoint).to(device())
    lines = []
    for writer in options.writers or [None]:
        style = synthesis.style_of(model, writer).expand(len(options.text), -1)
        found = synthesis.write(model, options.text, style, options.bias, options.seed)
        lines += [
            (f"{writer or 'unprimed'}: {text}{'' if line.complete else ' (runaway)'}", line.strokes())
            for text, line in zip(options.text, found, strict=True)
        ]
    drawing.save(options.out, lines)


def export(options: argparse.Namespace) -> None:
    """Write the ONNX file, the styles and the manifest."""
    model = load(options.checkpoint)
    styles = {}
    for given in options.style:
        style, _, writer = given.partition("=")
        if not writer:
            raise ValueError(f"--style {given} should be ID=WRITER, e.g. neat=unipen/sta/hpb0-aeb")
        styles[style] = writer
    if not styles:
        raise ValueError("name the styles to ship: --style ID=WRITER, the first being the default")
    exporting.export(model, options.models, options.checkpoint, styles)
