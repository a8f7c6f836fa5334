"""Train, evaluate, try and export the translators.

Examples:
  python -m training.translation train --pairs data/tatoeba/eng-rus.tsv --out runs/translation
  python -m training.translation train --kind plain --pairs data/tatoeba/eng-rus.tsv --out runs/plain
  python -m training.translation evaluate --pairs data/tatoeba/eng-rus.tsv --checkpoint runs/translation/best.pt
  python -m training.translation translate --checkpoint runs/translation/best.pt "Where is the station?"
  python -m training.translation export --checkpoint runs/translation/best.pt --plain runs/plain/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.translation import commands
from training.translation.model import KINDS
from training.translation.search import BEAM_WIDTH

_PAIRS = "eng-rus.tsv of Tatoeba: `english TAB russian`, a pair a line"


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.translation", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | evaluate | translate | export")

    train = verbs.add_parser(
        "train",
        help="train one translator",
        epilog="example: python -m training.translation train --pairs data/tatoeba/eng-rus.tsv --out runs/translation",
    )
    train.add_argument("--pairs", type=Path, required=True, metavar="TSV", help=_PAIRS)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--kind", choices=KINDS, default="attention", help="what stands between encoder and decoder")
    train.add_argument("--subwords", type=int, default=2000, help="of each language")
    train.add_argument("--embedding-size", type=int, default=224)
    train.add_argument("--encoder-size", type=int, default=160, help="units of each direction")
    train.add_argument("--hidden-size", type=int, default=224, help="units of each LSTM of the decoder")
    train.add_argument("--dropout", type=float, default=0.25)
    train.add_argument("--word-dropout", type=float, default=0.1, help="share of tokens that are left out")
    train.add_argument("--bpe-dropout", type=float, default=0.05, help="share of merges that are left out")
    train.add_argument("--joined", type=float, default=0.05, help="share of pairs behind which another one follows")
    train.add_argument("--smoothing", type=float, default=0.1, help="of labels")
    train.add_argument("--epochs", type=int, default=16)
    train.add_argument("--batch-size", type=int, default=48, help="pairs")
    train.add_argument("--rate", type=float, default=2.5e-3, help="learning rate")
    train.add_argument("--ema", type=float, default=0.999, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        help="chrF and BLEU on dev, of a checkpoint or of the exported ONNX through the running app",
        epilog="example: python -m training.translation evaluate --pairs data/tatoeba/eng-rus.tsv "
        "--checkpoint runs/translation/best.pt",
    )
    evaluate.add_argument("--pairs", type=Path, required=True, metavar="TSV", help=_PAIRS)
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT")
    evaluate.add_argument("--url", metavar="URL", help="score the app that answers here instead of a checkpoint")
    evaluate.add_argument("--variant", choices=KINDS, default="attention", help="of the app's two translators")
    evaluate.add_argument("--beam-width", type=int, default=BEAM_WIDTH)
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", help="the model's name in metrics.json; without it, its kind")
    evaluate.set_defaults(run=commands.evaluate)

    translate = verbs.add_parser(
        "translate",
        help="translate a text",
        epilog='example: python -m training.translation translate --checkpoint runs/translation/best.pt "I am here."',
    )
    translate.add_argument("text", nargs="+", metavar="TEXT")
    translate.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    translate.add_argument("--beam-width", type=int, default=BEAM_WIDTH)
    translate.set_defaults(run=commands.translate)

    export = verbs.add_parser(
        "export",
        help="write models/translation",
        epilog="example: python -m training.translation export --checkpoint runs/translation/best.pt "
        "--plain runs/plain/best.pt",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT", help="the translator with attention")
    export.add_argument("--plain", type=Path, required=True, metavar="PT", help="the one without")
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
