"""The verbs of `python -m training.handwriting`."""

import argparse
import json
from collections import Counter

import numpy as np

from training.data.ink_batches import InkBatches, processes, single_batches
from training.data.ink_cleaning import strokes_of
from training.data.ink_sets import load_ink
from training.handwriting import drawing, evaluation, exporting, synthesis
from training.handwriting.model import Synthesizer, SynthesizerConfig, load
from training.handwriting.train import SynthesisTask, dev_scores
from training.loop import LoopConfig, device, fit
from training.reading import model as reading_model
from training.report import add_row


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
    """Log-loss on held-out writers, and what a reader reads of what the model writes."""
    model = load(options.checkpoint).to(device())
    rows: dict[tuple[str, str], dict[str, float]] = {}
    label = options.label
    ink = None
    if options.unipen or options.iam:
        ink = load_ink(options, options.split)
        name = f"{'unipen' if options.unipen else 'iam-ondb'} {options.split}"
        rows[label, name] = {"lines": len(ink), **dev_scores(model, single_batches(ink, {}))}
    if options.reader:
        reader = reading_model.load(options.reader).to(device())
        styles = {writer or label: synthesis.style_of(model, writer) for writer in options.writers or [None]}
        for bias in options.bias:
            readings = evaluation.legibility(model, reader, styles, bias, options.seed, options.sentences)
            rows |= evaluation.summaries(label, readings, bias)
        if ink is not None and options.primed:
            rows[label, "primed by dev writers"] = evaluation.likeness(model, ink, options.primed, options.seed)
    if not rows:
        raise ValueError("give data (--unipen or --iam), a --reader, or both")
    for (row, name), scores in rows.items():
        print(f"{row}, {name}: {json.dumps(scores, ensure_ascii=False)}")
        if options.write:
            add_row(options.write, row, name, scores)


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
