"""The verbs of `python -m training.language`."""

import argparse
import json

import numpy as np
import torch

from training.data.austen import load as load_austen
from training.device import device
from training.language import exporting
from training.language.characters import Characters
from training.language.dataset import BREAK, Windows, join
from training.language.mapping import draw_maps
from training.language.model import LanguageConfig, LanguageModel, load
from training.language.ngram import NgramModel
from training.language.probing import find_units, memories
from training.language.train import LanguageTask, surprise
from training.loop import LoopConfig, fit
from training.report import add_row

_PROBED = 100_000  # characters of a split in which units are looked for
_STREAMS = 50  # parts of these that are read side by side


def train(options: argparse.Namespace) -> None:
    """Train on the chapters of the training split."""
    chapters = load_austen(options.austen, "train")
    characters = Characters.from_texts(chapters)
    dataset = Windows(join(chapters, characters), options.length, options.seed)
    dev_N = join(load_austen(options.austen, "dev"), characters)
    model = LanguageModel(LanguageConfig(len(characters.known), options.hidden, options.embedding))
    print(
        f"{len(dataset.ids_N)} characters, dev {len(dev_N)}, of {len(characters.known)} different ones; "
        f"{sum(p.numel() for p in model.parameters())} weights"
    )
    task = LanguageTask(model, characters, dataset, dev_N, options.rate)
    config = LoopConfig(
        options.out,
        options.epochs,
        batch_size=options.batch_size,
        seed=options.seed,
        ema_decay=options.ema,
        bf16=False,
        workers=0,
        checkpoint_seconds=120,
    )
    fit(task, config, options.resume)


def _score(bits_N: np.ndarray, numbers: int, options: argparse.Namespace, label: str) -> None:
    scores = {"thousand numbers": round(numbers / 1000), "bits per character": float(bits_N.mean())}
    print(json.dumps({f"{label}, austen {options.split}": scores}))
    if options.write:
        add_row(options.write, label, f"austen {options.split}", scores)


def evaluate(options: argparse.Namespace) -> None:
    """Bits per character of a checkpoint or of the exported file, and print, or write, them."""
    if (options.checkpoint is None) == (options.models is None):
        raise ValueError("give one of --checkpoint and --models")
    chapters = load_austen(options.austen, options.split)
    if options.models:
        folder = options.models / "language"
        characters = Characters(json.loads((folder / "characters.json").read_text(encoding="utf-8"))["characters"])
        bits_N = exporting.exported_surprise(folder, join(chapters, characters))
        numbers = exporting.count_weights(folder)
    else:
        model, characters = load(options.checkpoint)
        bits_N = surprise(model.to(device()), join(chapters, characters))
        numbers = sum(weight.numel() for weight in model.parameters())
    _score(bits_N, numbers, options, options.label)


def ngram(options: argparse.Namespace) -> None:
    """Bits per character of n-gram models that count in the training chapters, and print, or write, them."""
    chapters = load_austen(options.austen, "train")
    characters = Characters.from_texts(chapters)
    train_N = join(chapters, characters)
    held_out_N = join(load_austen(options.austen, options.split), characters)
    for order in options.orders:
        model = NgramModel(train_N, order, len(characters.known))
        _score(model.surprise(held_out_N), model.numbers, options, f"{order}-gram")


def _probed(options: argparse.Namespace, split: str, model: LanguageModel, characters: Characters):
    ids_N = join(load_austen(options.austen, split), characters)[:_PROBED]
    return characters.decode(ids_N), memories(model, ids_N, _STREAMS)


def _units(options: argparse.Namespace, model: LanguageModel, characters: Characters) -> list[dict]:
    dev, test = (_probed(options, split, model, characters) for split in ("dev", "test"))
    return find_units(dev, test, options.units)


def probe(options: argparse.Namespace) -> None:
    """Print, or write, the units that track each property best."""
    model, characters = load(options.checkpoint)
    for found in _units(options, model, characters):
        print("  ".join(f"{name} {value}" for name, value in found.items()))
        if options.write:
            scores = {"unit": found["unit"], "dev": 100 * found["dev"], "test": 100 * found["test"]}
            add_row(options.write, f"{found['property']} ({found['measure']})", "units, austen test", scores)


def write(options: argparse.Namespace) -> None:
    """Print a text and what the model writes after it."""
    model, characters = load(options.checkpoint)
    torch.manual_seed(options.seed)
    ids = characters.encode(BREAK + options.text).tolist()
    state, read = None, ids
    with torch.inference_mode():
        for _ in range(options.length):
            logits_1TV, _, state = model(torch.tensor([read]), state)
            last_V = logits_1TV[0, -1]
            if options.temperature == 0:
                drawn = int(last_V.argmax())
            else:
                drawn = int(torch.multinomial(torch.softmax(last_V / options.temperature, -1), 1))
            ids.append(drawn)
            read = [drawn]
    print(characters.decode(ids).removeprefix(BREAK))


def export(options: argparse.Namespace) -> None:
    """Write the ONNX file, what is known of its units, the maps and the manifest."""
    model, characters = load(options.checkpoint)
    text = characters.decode(join(load_austen(options.austen, "train"), characters))
    units = _units(options, model, characters)
    exporting.export(model, characters, units, draw_maps(model, characters, text), options.models, options.checkpoint)
