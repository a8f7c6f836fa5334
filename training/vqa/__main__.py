"""Train, evaluate, try and export the question answerer.

Examples:
  python -m training.vqa train --coco-qa data/coco-qa/train --vqa data/vqa-v2 --coco data/coco --daquar data/daquar --out runs/vqa
  python -m training.vqa evaluate --daquar data/daquar --checkpoint runs/vqa/best.pt
  python -m training.vqa ask --checkpoint runs/vqa/best.pt --question "what is on the table?" photo.jpg
  python -m training.vqa export --checkpoint runs/vqa/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.vqa import commands
from training.vqa.answerer import KINDS

_ENCODER = "models/vision/encoder.onnx"


def _data_arguments(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("data (at least one)")
    data.add_argument("--coco-qa", type=Path, metavar="DIR", help="COCO-QA folder of one split; needs --coco")
    data.add_argument("--vqa", type=Path, metavar="DIR", help="VQA v2 folder; needs --coco")
    data.add_argument("--daquar", type=Path, metavar="DIR", help="DAQUAR folder with images/ in it")
    data.add_argument("--generated", type=Path, metavar="JSONL", help="questions made from captions, one a line")
    data.add_argument("--coco", type=Path, metavar="DIR", help="COCO 2014 folder with train2014/ and val2014/")
    data.add_argument("--flickr8k", type=Path, metavar="DIR", help="Flickr8k folder, for photos that --generated names")


def _model_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vision",
        default=_ENCODER,
        metavar="FILE",
        help=f"the frozen encoder: an encoder.onnx (default: {_ENCODER}), a captioning checkpoint, an npz, or imagenet",
    )
    parser.add_argument("--cache", type=Path, default=Path("cache"), metavar="DIR", help="for encoder outputs")


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.vqa", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | evaluate | ask | export")

    train = verbs.add_parser(
        "train",
        formatter_class=raw,
        help="train an answerer",
        description="Train on the frozen encoder that captioning shares; its outputs are cached on disk.\n"
        "Data-parallel: torchrun --nproc-per-node 2 -m training.vqa train …",
        epilog="example: python -m training.vqa train --coco-qa data/coco-qa/train --vqa data/vqa-v2 --coco data/coco "
        "--daquar data/daquar --out runs/vqa",
    )
    _data_arguments(train)
    _model_arguments(train)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--from", dest="start", type=Path, metavar="PT", help="start from this checkpoint's weights")
    train.add_argument(
        "--teachers", type=Path, nargs="+", metavar="PT", help="learn what these checkpoints answer (distillation)"
    )
    train.add_argument(
        "--cross-entropy-share", type=float, default=0.3, help="of the annotators' answers in distillation"
    )
    train.add_argument(
        "--borrowed-per-photo", type=int, default=4, help="questions on other photos that teachers answer as well"
    )
    train.add_argument("--kind", choices=KINDS, default="top-down")
    train.add_argument("--one-direction", action="store_true", help="read questions from the front only")
    train.add_argument("--no-bag", action="store_true", help="leave out the sum of the words' vectors")
    train.add_argument("--epochs", type=int, default=12)
    train.add_argument("--batch-size", type=int, default=64, help="photos, each with up to 8 questions")
    train.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    train.add_argument("--dropout", type=float, default=0.4)
    train.add_argument("--word-dropout", type=float, default=0.02, help="how often a word is <unk>")
    train.add_argument("--photo-dropout", type=float, default=0.05, help="how often the photo is missing")
    train.add_argument("--crops", type=int, default=0, help="random crops of each photo to learn on as well")
    train.add_argument("--generated-per-photo", type=int, default=4, help="generated questions that an epoch draws")
    train.add_argument("--ema", type=float, default=0.99, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        formatter_class=raw,
        help="score a checkpoint, the exported ONNX through the running app, or the majority baseline",
        description="Accuracy as each data set counts it (VQA v2: the official formula; COCO-QA: by type; DAQUAR: questions\n"
        "with one answer), WUPS at 0.9 and 0.0, and the calibration error, all ×100. On generated yes/no questions\n"
        "also what POPE counts. `--split test` takes every question of a folder, which is then a test folder.",
        epilog="example: python -m training.vqa evaluate --daquar data/daquar --checkpoint runs/vqa/best.pt",
    )
    _data_arguments(evaluate)
    _model_arguments(evaluate)
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT")
    evaluate.add_argument("--url", metavar="URL", help="score the app that answers here instead of a checkpoint")
    evaluate.add_argument("--majority", action="store_true", help="score the most frequent training answer instead")
    evaluate.add_argument("--without-photo", action="store_true", help="score what the checkpoint says without photos")
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", default="vqa", help="the row's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    ask = verbs.add_parser(
        "ask",
        help="answer a question on photo files",
        epilog='example: python -m training.vqa ask --checkpoint runs/vqa/best.pt --question "what is it?" photo.jpg',
    )
    ask.add_argument("photos", nargs="+", type=Path)
    ask.add_argument("--question", required=True)
    ask.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    _model_arguments(ask)
    ask.set_defaults(run=commands.ask)

    export = verbs.add_parser(
        "export",
        help="write models/vqa",
        epilog="example: python -m training.vqa export --checkpoint runs/vqa/best.pt",
    )
    export.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
