"""Train captioning and visual question answering together, on one encoder that learns from both.

Examples:
  python -m training.joint train --flickr8k data/flickr8k --coco data/coco --coco-qa data/coco-qa/train --vqa data/vqa-v2 \\
    --daquar data/daquar --captioner runs/tuned/best.pt --answerer runs/vqa/best.pt --out runs/joint
  python -m training.joint split --checkpoint runs/joint/best.pt --out runs/joint
"""

import argparse
import sys
from pathlib import Path

from training.command_line import run_command
from training.joint import commands


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.joint", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | split")

    train = verbs.add_parser("train", help="train encoder, decoder and answerer", formatter_class=raw)
    train.add_argument("--flickr8k", type=Path, metavar="DIR", help="Kaggle Flickr8k folder")
    train.add_argument("--coco", type=Path, metavar="DIR", help="COCO 2014 folder")
    train.add_argument("--coco-qa", type=Path, metavar="DIR", help="COCO-QA folder of the training split; needs --coco")
    train.add_argument("--vqa", type=Path, metavar="DIR", help="VQA v2 folder; needs --coco")
    train.add_argument("--daquar", type=Path, metavar="DIR", help="DAQUAR folder with images/ in it")
    train.add_argument("--generated", type=Path, metavar="JSONL", help="questions made from captions, one a line")
    train.add_argument(
        "--captioner",
        type=Path,
        required=True,
        metavar="PT",
        help="a checkpoint of captioning, or an exported models folder",
    )
    train.add_argument("--answerer", type=Path, metavar="PT", help="a checkpoint of VQA, or models; default: a new one")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument("--epochs", type=int, default=6)
    train.add_argument("--batch-size", type=int, default=32, help="photos")
    train.add_argument("--rate", type=float, default=5e-4, help="learning rate of decoder and answerer")
    train.add_argument("--vision-rate", type=float, default=1e-4, help="learning rate of the encoder")
    train.add_argument("--answers-weight", type=float, default=1.0, help="of the answers' loss beside the captions'")
    train.add_argument("--references", type=int, default=3, help="captions of a photo that one step sees")
    train.add_argument("--generated-per-photo", type=int, default=4, help="generated questions that an epoch draws")
    train.add_argument("--ema", type=float, default=0.998, help="decay of the weight average; 0 for none")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    split = verbs.add_parser("split", help="write the captioner's checkpoint and the answerer's, to be exported each")
    split.add_argument("--checkpoint", type=Path, required=True, metavar="PT")
    split.add_argument("--out", type=Path, required=True, metavar="DIR", help="for captioner.pt and answerer.pt")
    split.set_defaults(run=commands.split)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
