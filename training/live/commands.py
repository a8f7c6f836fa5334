"""The two verbs of `python -m training.live`."""

import argparse

from training.captioning.commands import load_data
from training.captioning.from_onnx import load_exported
from training.data import captions
from training.data.regions import cached_regions
from training.live import exporting
from training.live.model import LiveEncoder, load
from training.live.train import LiveEncoderTask, PhotoDataset
from training.loop import LoopConfig, fit
from training.vision import ExportedEncoder


def train(options: argparse.Namespace) -> None:
    """Train on the photos of the training split and their captions."""
    captioner, vocabulary = load_exported(options.models)
    teacher = ExportedEncoder(options.models / "vision/encoder.onnx")
    sets = {}
    for split in ("train", "dev"):
        captioned = captions.merge(*load_data(options, split).values())
        paths = [photo.path for photo in captioned]
        crops = range(1 + (options.crops if split == "train" else 0))
        regions = [cached_regions(teacher, paths, options.cache, mirrored=True, crop=crop) for crop in crops]
        sets[split] = PhotoDataset(captioned, regions, vocabulary, options.seed)
    print(f"{len(sets['train'])} photos, {len(sets['dev'])} to choose a checkpoint by")
    task = LiveEncoderTask(LiveEncoder(options.init), captioner.decoder, sets["train"], sets["dev"], options.rate)
    config = LoopConfig(options.out, options.epochs, options.batch_size, seed=options.seed, ema_decay=options.ema)
    fit(task, config, options.resume)


def export(options: argparse.Namespace) -> None:
    """Write `models/live`."""
    exporting.export(load(options.checkpoint), options.models, options.checkpoint)
