"""Train, evaluate, look into, try and export the language model, and n-gram models to compare it with.

Examples:
  python -m training.language train --austen data/austen --out runs/language
  python -m training.language evaluate --austen data/austen --checkpoint runs/language/best.pt
  python -m training.language ngram --austen data/austen
  python -m training.language probe --austen data/austen --checkpoint runs/language/best.pt
  python -m training.language write --checkpoint runs/language/best.pt "It is a truth"
  python -m training.language export --austen data/austen --checkpoint runs/language/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.language import commands
from training.language.ngram import LONGEST

_AUSTEN = "where Debian's r-cran-janeaustenr is unpacked"


def _add_austen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--austen", type=Path, required=True, metavar="DIR", help=_AUSTEN)


def _add_scoring(parser: argparse.ArgumentParser) -> None:
    _add_austen(parser)
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.language", description=__doc__, formatter_class=raw)
    metavar = "train | evaluate | ngram | probe | write | export"
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=metavar)

    train = verbs.add_parser(
        "train",
        help="train on the chapters of the training split",
        epilog="example: python -m training.language train --austen data/austen --out runs/language",
    )
    _add_austen(train)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--hidden", type=int, default=384, help="units of the LSTM")
    train.add_argument("--embedding", type=int, default=64, help="numbers of a character; 0 for one-hot vectors")
    train.add_argument("--length", type=int, default=192, help="characters of a window")
    train.add_argument("--epochs", type=int, default=2)
    train.add_argument("--batch-size", type=int, default=24, help="windows")
    train.add_argument("--rate", type=float, default=4e-3, help="learning rate")
    train.add_argument("--ema", type=float, default=0.99, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        help="bits per character of a checkpoint or of the exported ONNX",
        epilog="example: python -m training.language evaluate --austen data/austen --models models --split test",
    )
    _add_scoring(evaluate)
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT")
    evaluate.add_argument("--models", type=Path, metavar="DIR", help="score the exported file in there instead")
    evaluate.add_argument("--label", default="language", help="the model's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    ngram = verbs.add_parser(
        "ngram",
        help="bits per character of n-gram models with modified Kneser–Ney smoothing",
        epilog="example: python -m training.language ngram --austen data/austen --orders 3 5 7",
    )
    _add_scoring(ngram)
    ngram.add_argument("--orders", type=int, nargs="+", default=list(range(1, LONGEST + 1)), metavar="N")
    ngram.set_defaults(run=commands.ngram)

    probe = verbs.add_parser(
        "probe",
        help="print the units that track quotation marks, lines, sentences, words and names",
        epilog="example: python -m training.language probe --austen data/austen --checkpoint runs/language/best.pt",
    )
    export = verbs.add_parser(
        "export",
        help="write models/language",
        epilog="example: python -m training.language export --austen data/austen --checkpoint runs/language/best.pt",
    )
    for verb in (probe, export):
        _add_austen(verb)
        verb.add_argument("--units", type=int, default=1, help="units of a property")
        verb.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    probe.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    probe.set_defaults(run=commands.probe)
    export.set_defaults(run=commands.export)

    write = verbs.add_parser(
        "write",
        help="go on with a text",
        epilog='example: python -m training.language write --checkpoint runs/language/best.pt "It is a truth"',
    )
    write.add_argument("text")
    write.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    write.add_argument("--length", type=int, default=400, help="characters")
    write.add_argument("--temperature", type=float, default=0.7)
    write.add_argument("--seed", type=int, default=1)
    write.set_defaults(run=commands.write)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
