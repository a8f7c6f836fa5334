"""Train, evaluate and export the reader of ink, and find samples that cannot be read.

Examples:
  python -m training.reading train --unipen data/unipen --out runs/reader
  python -m training.reading evaluate --unipen data/unipen --checkpoint runs/reader/best.pt --beam 8
  python -m training.reading score --unipen data/unipen --checkpoint runs/reader/best.pt --out runs/losses.tsv
  python -m training.reading export --checkpoint runs/reader/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.data.ink_sets import add_arguments
from training.reading import commands


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.reading", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | evaluate | score | export")

    train = verbs.add_parser(
        "train",
        help="train a reader",
        epilog="example: python -m training.reading train --unipen data/unipen --out runs/reader",
    )
    add_arguments(train, losses=True)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--from", dest="start", type=Path, metavar="PT", help="start from this checkpoint's weights")
    train.add_argument("--hidden", type=int, default=160, help="units of each direction")
    train.add_argument("--layers", type=int, default=3)
    train.add_argument("--dropout", type=float, default=0.2)
    train.add_argument("--epochs", type=int, default=10)
    train.add_argument("--points", type=int, default=16_000, help="points of a batch")
    train.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    train.add_argument("--ema", type=float, default=0.999, help="decay of the weight average; 0 for none")
    train.add_argument("--lines", type=int, metavar="N", help="train on about N samples only, to try things out")
    train.add_argument("--dev-lines", type=int, default=1500, metavar="N", help="validate on about N samples")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        help="character error rate on held-out writers, over all and by character",
        epilog="example: python -m training.reading evaluate --unipen data/unipen --checkpoint runs/reader/best.pt",
    )
    add_arguments(evaluate)
    evaluate.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--beam", type=int, default=1, help="texts kept at each frame; 1 is greedy")
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", default="reader", help="the row's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    score = verbs.add_parser(
        "score",
        help="write the loss of each sample, for --losses of training",
        epilog="example: python -m training.reading score --unipen data/unipen --checkpoint runs/reader/best.pt "
        "--out runs/losses.tsv",
    )
    add_arguments(score)
    score.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    score.add_argument("--split", choices=["train", "dev"], default="train")
    score.add_argument("--out", type=Path, required=True, metavar="TSV")
    score.set_defaults(run=commands.score)

    export = verbs.add_parser(
        "export",
        help="write models/handwriting/reader.onnx",
        epilog="example: python -m training.reading export --checkpoint runs/reader/best.pt",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
