"""Train, evaluate, try and export the reader of stories.

Examples:
  python -m training.stories train --babi data/babi/en --facts 0.3 --out runs/stories
  python -m training.stories evaluate --babi data/babi/en --checkpoint runs/stories/best.pt
  python -m training.stories ask --checkpoint runs/stories/best.pt --question "Where is Mary?" "Mary went to the kitchen."
  python -m training.stories export --checkpoint runs/stories/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.stories import commands
from training.stories.model import CONTEXTS, ENCODERS

_BABI = "the folder en of bAbI v1.2"


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.stories", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | evaluate | ask | export")

    train = verbs.add_parser(
        "train",
        help="train one model on all 20 tasks",
        epilog="example: python -m training.stories train --babi data/babi/en --facts 0.3 --out runs/stories",
    )
    train.add_argument("--babi", type=Path, required=True, metavar="DIR", help=_BABI)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--hops", type=int, default=3, help="times that the model looks at the story")
    train.add_argument(
        "--encoder", choices=ENCODERS, default="position", help="how the words of a sentence become a vector"
    )
    train.add_argument("--context", choices=CONTEXTS, default="none", help="directions of the GRU over sentences")
    train.add_argument("--units", type=int, default=64)
    train.add_argument("--dropout", type=float, default=0.05)
    train.add_argument("--no-renaming", action="store_true", help="tell stories of the people in the files only")
    train.add_argument("--linear-epochs", type=int, default=0, help="epochs of attention without softmax at first")
    train.add_argument("--facts", type=float, default=0.0, help="weight of the supporting sentences; 0 to not use them")
    train.add_argument("--epochs", type=int, default=18)
    train.add_argument("--batch-size", type=int, default=128, help="questions")
    train.add_argument("--rate", type=float, default=4e-3, help="learning rate")
    train.add_argument("--ema", type=float, default=0.995, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        help="accuracy on each task, of a checkpoint or of the exported ONNX through the running app",
        description="`--split test` reads the test files of the folder, which trained nothing.",
        epilog="example: python -m training.stories evaluate --babi data/babi/en --checkpoint runs/stories/best.pt",
    )
    evaluate.add_argument("--babi", type=Path, required=True, metavar="DIR", help=_BABI)
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT")
    evaluate.add_argument("--url", metavar="URL", help="score the app that answers here instead of a checkpoint")
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", default="stories", help="the model's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    ask = verbs.add_parser(
        "ask",
        help="answer a question about a story, and show where each hop looked",
        epilog='example: python -m training.stories ask --checkpoint runs/stories/best.pt --question "Where is Mary?" '
        '"Mary went to the kitchen." "John took the milk."',
    )
    ask.add_argument("story", nargs="+", metavar="SENTENCE")
    ask.add_argument("--question", required=True)
    ask.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    ask.set_defaults(run=commands.ask)

    export = verbs.add_parser(
        "export",
        help="write models/stories",
        epilog="example: python -m training.stories export --checkpoint runs/stories/best.pt",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
