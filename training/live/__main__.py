"""Train and export the small encoder that live captions can take; it learns from the exported large one.

Examples:
  python -m training.live train --flickr8k data/flickr8k --init mobilenetv2.npz --out runs/live
  python -m training.live export --checkpoint runs/live/best.pt

Score it with `python -m training.captioning evaluate --checkpoint models --regions-from models/live/encoder.onnx`.
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.live import commands


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.live", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | export")

    train = verbs.add_parser(
        "train",
        help="learn the large encoder's regions on the photos of the training split",
        epilog="example: python -m training.live train --flickr8k data/flickr8k --init mobilenetv2.npz --out runs/live",
    )
    data = train.add_argument_group("data (at least one)")
    data.add_argument("--flickr8k", type=Path, metavar="DIR", help="Kaggle Flickr8k folder")
    data.add_argument("--coco", type=Path, metavar="DIR", help="COCO 2014 folder with annotations/captions_*.json")
    data.add_argument("--coco-qa", type=Path, metavar="DIR", help="COCO-QA folder; needs --coco for its photos")
    data.add_argument("--karpathy", type=Path, metavar="JSON", help="a split JSON of Karpathy's; needs --images")
    data.add_argument("--images", type=Path, metavar="DIR", help="the photos that --karpathy names")
    train.add_argument(
        "--init", type=Path, metavar="NPZ", help="ImageNet weights with BatchNorm folded (default: random)"
    )
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument(
        "--cache", type=Path, default=Path("cache"), metavar="DIR", help="for the large encoder's regions"
    )
    train.add_argument("--crops", type=int, default=0, help="random crops of each photo to learn on as well")
    train.add_argument("--epochs", type=int, default=20)
    train.add_argument("--batch-size", type=int, default=32)
    train.add_argument("--rate", type=float, default=5e-4, help="learning rate")
    train.add_argument("--ema", type=float, default=0.998, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    export = verbs.add_parser(
        "export",
        help="write models/live/encoder.onnx",
        epilog="example: python -m training.live export --checkpoint runs/live/best.pt",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.set_defaults(run=commands.export)
    for verb in (train, export):
        verb.add_argument("--models", type=Path, default=Path("models"), metavar="DIR", help="the exported models")
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
