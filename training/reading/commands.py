"""The verbs of `python -m training.reading`."""

import argparse
import json
from functools import partial

from training.data.ink_batches import InkBatches, processes, single_batches
from training.data.ink_sets import load_ink
from training.device import device
from training.loop import LoopConfig, fit
from training.reading import exporting
from training.reading.decoding import beam_search, error_rates, greedy
from training.reading.model import Reader, ReaderConfig, load
from training.reading.train import ReadingTask, read
from training.report import add_row


def train(options: argparse.Namespace) -> None:
    """Train a reader."""
    ink = load_ink(options, "train")
    dev = load_ink(options, "dev")
    dev = dev.select(range(0, len(dev), -(-len(dev) // options.dev_lines)))
    if options.lines:
        ink = ink.select(range(0, len(ink), -(-len(ink) // options.lines)))
    model = (
        load(options.start) if options.start else Reader(ReaderConfig(options.hidden, options.layers, options.dropout))
    )
    dataset = InkBatches(ink, {}, options.seed, options.points)
    print(f"{len(ink)} samples, {len(ink.points)} points, {len(dataset)} batches an epoch; dev: {len(dev)} samples")
    task = ReadingTask(model, dataset, single_batches(dev, {}), options.rate)
    config = LoopConfig(options.out, options.epochs, processes(), options.seed, ema_decay=options.ema)
    fit(task, config, options.resume)


def evaluate(options: argparse.Namespace) -> None:
    """Character error rate, over all and by character, on a split."""
    model = load(options.checkpoint).to(device())
    ink = load_ink(options, options.split)
    decoder = partial(beam_search, width=options.beam) if options.beam > 1 else greedy
    results = read(model, single_batches(ink, {}), decoder)
    rate, by_character = error_rates((truth, text) for _, truth, text, _ in results)
    lines, _ = error_rates((truth, text) for _, truth, text, _ in results if " " in truth)
    scores = {"lines": len(results), "CER": rate, "CER of several words": lines}
    print(json.dumps({**scores, "by character": by_character}, indent=2, ensure_ascii=False))
    if options.write:
        data = f"{'unipen' if options.unipen else 'iam-ondb'} {options.split}"
        add_row(options.write, options.label, f"reader, {data}", scores)
        add_row(options.write.with_name("characters.json"), f"CER, {data}", "by character", by_character)


def score(options: argparse.Namespace) -> None:
    """Write each sample's loss, so that training can leave out the samples whose text is wrong."""
    model = load(options.checkpoint).to(device())
    ink = load_ink(options, options.split)
    results = read(model, single_batches(ink, {}))
    rows = sorted(results, key=lambda result: -result[3] / len(result[1]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = options.out.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for sample, truth, text, loss in rows:
            file.write(f"{ink.names[sample]}\t{loss / len(truth):.3f}\t{truth}\t{text}\n")
    unfinished.replace(options.out)
    above = {limit: sum(row[3] / len(row[1]) > limit for row in rows) for limit in (1, 1.5, 2, 2.5, 3, 4)}
    print(
        f"{len(rows)} samples in {options.out}; nats a character above "
        + ", ".join(f"{k}: {v}" for k, v in above.items())
    )


def export(options: argparse.Namespace) -> None:
    """Write the ONNX file and the manifest."""
    exporting.export(load(options.checkpoint), options.models, options.checkpoint)
