"""Train, evaluate, try and export the handwriting synthesiser.

Examples:
  python -m training.handwriting data --unipen data/unipen --draw lines.png
  python -m training.handwriting train --unipen data/unipen --out runs/handwriting
  python -m training.handwriting evaluate --unipen data/unipen --checkpoint runs/handwriting/best.pt --reader runs/reader/best.pt
  python -m training.handwriting sample --checkpoint runs/handwriting/best.pt --text "Hello" --out hello.png
  python -m training.handwriting export --checkpoint runs/handwriting/best.pt --style neat=unipen/sta/hpb0-aeb
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.data.ink_sets import add_arguments
from training.handwriting import commands

_WRITER = "unipen/sta/hpb0-aeb"


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.handwriting", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="data | train | evaluate | sample | export")

    data = verbs.add_parser(
        "data",
        help="say what cleaning keeps and drops",
        epilog="example: python -m training.handwriting data --unipen data/unipen --draw lines.png",
    )
    add_arguments(data, losses=True)
    data.add_argument("--draw", type=Path, metavar="PNG", help="draw 24 cleaned lines")
    data.add_argument("--seed", type=int, default=1, help="which lines are drawn")
    data.set_defaults(run=commands.data)

    train = verbs.add_parser(
        "train",
        formatter_class=raw,
        help="train a synthesiser",
        description="Maximum likelihood of each point (Graves 2013, section 5). Cleaned ink is cached on disk.\n"
        "Data-parallel: torchrun --nproc-per-node 2 -m training.handwriting train …",
        epilog="example: python -m training.handwriting train --unipen data/unipen --out runs/handwriting",
    )
    add_arguments(train, losses=True)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--from", dest="start", type=Path, metavar="PT", help="start from this checkpoint's weights")
    train.add_argument(
        "--parallel", action="store_true", help="do not feed the window back into the first layer: faster"
    )
    train.add_argument("--hidden", type=int, default=400, help="units of each of the three layers")
    train.add_argument("--mixtures", type=int, default=20, help="components of the next point's density")
    train.add_argument("--windows", type=int, default=10, help="components of the window")
    train.add_argument("--epochs", type=int, default=12)
    train.add_argument("--points", type=int, default=24_000, help="points of a batch")
    train.add_argument("--longest", type=int, default=1_400, metavar="POINTS", help="leave out longer lines")
    train.add_argument(
        "--joined",
        type=float,
        default=0.7,
        help="share of the words that are joined into lines; 0 to begin with is faster",
    )
    train.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    train.add_argument("--style-dropout", type=float, default=0.15, help="how often a line's writer is hidden")
    train.add_argument("--text-dropout", type=float, default=0.1, help="how often its text is, to learn to dream")
    train.add_argument("--ema", type=float, default=0.999, help="decay of the weight average; 0 for none")
    train.add_argument("--lines", type=int, metavar="N", help="train on about N samples only, to try things out")
    train.add_argument("--dev-lines", type=int, default=1000, metavar="N", help="validate on about N samples")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        formatter_class=raw,
        help="log-loss on held-out writers, and what a reader reads of what is written",
        description="With data: nats a point, a character and a line. With --reader: its character error rate on 200 fixed\n"
        "sentences at each bias, without redraws and with, failures per 1,000 lines, and whether primed lines look\n"
        "like their writers'. With --url: the same sentences as a running app writes them, redraws included.",
        epilog="example: python -m training.handwriting evaluate --unipen data/unipen --checkpoint runs/handwriting/best.pt "
        "--reader runs/reader/best.pt",
    )
    add_arguments(evaluate)
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT")
    evaluate.add_argument("--url", metavar="URL", help="score the lines of a running app instead of a checkpoint's")
    evaluate.add_argument(
        "--reader", type=Path, metavar="FILE", help="a checkpoint of training.reading, or an exported reader.onnx"
    )
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--bias", type=float, nargs="+", help="default: 0 0.5 0.8 1.5, of an app its own default")
    evaluate.add_argument("--writers", nargs="+", metavar="NAME", help=f"styles, e.g. {_WRITER}; default: unprimed")
    evaluate.add_argument(
        "--style-names", nargs="+", metavar="ID", help="what the rows, and an app, call them; default: the names"
    )
    evaluate.add_argument("--sentences", type=int, metavar="N", help="only the first N of each group")
    evaluate.add_argument("--primed", type=int, default=200, metavar="N", help="primed lines to write; 0 for none")
    evaluate.add_argument("--seed", type=int, default=1)
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", default="handwriting", help="the row's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    sample = verbs.add_parser(
        "sample",
        help="draw what the model writes",
        epilog='example: python -m training.handwriting sample --checkpoint runs/handwriting/best.pt --text "Hello" --out a.png',
    )
    sample.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    sample.add_argument("--text", nargs="+", required=True, metavar="LINE")
    sample.add_argument("--writers", nargs="+", metavar="NAME", help=f"styles, e.g. {_WRITER}; default: unprimed")
    sample.add_argument("--bias", type=float, default=0.8)
    sample.add_argument("--seed", type=int, default=1)
    sample.add_argument("--out", type=Path, required=True, metavar="PNG|SVG")
    sample.set_defaults(run=commands.sample)

    export = verbs.add_parser(
        "export",
        help="write models/handwriting",
        epilog=f"example: python -m training.handwriting export --checkpoint runs/handwriting/best.pt --style neat={_WRITER}",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.add_argument(
        "--style", nargs="+", required=True, metavar="ID=WRITER", help="styles to ship, the default first"
    )
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
