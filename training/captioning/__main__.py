"""Train, evaluate, try and export the captioner.

Examples:
  python -m training.captioning train --flickr8k data/flickr8k --init imagenet --out runs/frozen
  python -m training.captioning train --flickr8k data/flickr8k --from runs/frozen/best.pt --stage fine-tune --out runs/tuned
  python -m training.captioning evaluate --flickr8k data/flickr8k --split dev --checkpoint runs/tuned/best.pt
  python -m training.captioning caption --checkpoint runs/tuned/best.pt photo.jpg
  python -m training.captioning export --flickr8k data/flickr8k --checkpoint runs/tuned/best.pt
"""

import argparse
import sys
from pathlib import Path

from training.captioning import commands
from training.captioning.decoder import KINDS
from training.command_line import run_command


def _data_arguments(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("data (at least one)")
    data.add_argument("--flickr8k", type=Path, metavar="DIR", help="Kaggle Flickr8k folder")
    data.add_argument("--coco", type=Path, metavar="DIR", help="COCO 2014 folder with annotations/captions_*.json")
    data.add_argument("--coco-qa", type=Path, metavar="DIR", help="COCO-QA folder; needs --coco for its photos")
    data.add_argument("--karpathy", type=Path, metavar="JSON", help="a split JSON of Karpathy's; needs --images")
    data.add_argument("--images", type=Path, metavar="DIR", help="the photos that --karpathy names")


def _cache_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cache", type=Path, default=Path("cache"), metavar="DIR", help="for encoder outputs")
    parser.add_argument(
        "--regions-from",
        type=Path,
        metavar="ONNX",
        help="let this exported encoder encode the photos, as the app does, instead of the PyTorch one",
    )


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.captioning", description=__doc__, formatter_class=raw)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train | evaluate | caption | export")

    train = verbs.add_parser(
        "train",
        formatter_class=raw,
        help="train a captioner",
        description="Train one stage. Stages: cross-entropy (encoder frozen, its outputs cached on disk), fine-tune\n"
        "(encoder and decoder together), self-critical (CIDEr-D as the reward, from a trained checkpoint), distillation\n"
        "(several decoders on one encoder teach one).\n"
        "Data-parallel: torchrun --nproc-per-node 2 -m training.captioning train …",
        epilog="example: python -m training.captioning train --flickr8k data/flickr8k --init imagenet --out runs/frozen",
    )
    _data_arguments(train)
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints and TensorBoard's events")
    train.add_argument(
        "--stage", choices=["cross-entropy", "fine-tune", "self-critical", "distillation"], default="cross-entropy"
    )
    train.add_argument(
        "--init", default="imagenet", help="encoder weights: imagenet (torchvision), an npz file or an encoder.onnx"
    )
    train.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="PT",
        help="start from this checkpoint, or from an exported models folder",
    )
    train.add_argument(
        "--teachers",
        type=Path,
        nargs="+",
        default=[],
        metavar="PT",
        help="checkpoints or models folders (distillation)",
    )
    train.add_argument("--decoder", choices=KINDS, default="soft-attention")
    train.add_argument("--epochs", type=int, default=12)
    train.add_argument("--batch-size", type=int, default=32)
    train.add_argument("--rate", type=float, default=1e-3, help="learning rate of the decoder")
    train.add_argument("--vision-rate", type=float, default=4e-5, help="learning rate of the encoder (fine-tune)")
    train.add_argument("--smoothing", type=float, default=0.1, help="label smoothing")
    train.add_argument("--ema", type=float, default=0.999, help="decay of the weight average; 0 for none")
    train.add_argument("--samples", type=int, default=5, help="samples a photo (self-critical)")
    train.add_argument(
        "--cross-entropy-share", type=float, default=0.2, help="mixed into self-critical training and distillation"
    )
    train.add_argument("--references", type=int, default=5, help="captions of a photo that one step sees")
    train.add_argument(
        "--augment", action="store_true", help="encode augmented photos anew where the encoder is frozen, without cache"
    )
    train.add_argument("--seed", type=int, default=1)
    _cache_arguments(train)
    train.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    train.set_defaults(run=commands.train)

    evaluate = verbs.add_parser(
        "evaluate",
        formatter_class=raw,
        help="score a checkpoint, or the exported ONNX through the running app",
        description="BLEU, METEOR, ROUGE-L and CIDEr of pycocoevalcap. With --url the photos go through the API of a\n"
        "running app (npm start), so that the exported ONNX and the app's own beam search are what is scored.",
        epilog="example: python -m training.captioning evaluate --flickr8k data/flickr8k --url http://localhost:3000",
    )
    _data_arguments(evaluate)
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--checkpoint", type=Path, metavar="PT", help="a checkpoint, or an exported models folder")
    evaluate.add_argument("--url", metavar="URL", help="score the app that answers here instead of a checkpoint")
    evaluate.add_argument("--beam", type=int, help="beam width (default: the app's default, or 4)")
    evaluate.add_argument("--no-rerank", action="store_true", help="ask the app for the most probable caption")
    evaluate.add_argument("--length-penalty", type=float, default=0.7)
    evaluate.add_argument(
        "--consensus", type=int, metavar="N", help="choose the beam's caption that agrees most with N samples"
    )
    _cache_arguments(evaluate)
    evaluate.add_argument("--write", type=Path, metavar="JSON", help="merge the scores into this metrics.json")
    evaluate.add_argument("--label", default="captioning", help="the row's name in metrics.json")
    evaluate.set_defaults(run=commands.evaluate)

    caption = verbs.add_parser(
        "caption",
        formatter_class=raw,
        help="caption photo files",
        epilog="example: python -m training.captioning caption --checkpoint runs/tuned/best.pt photo.jpg",
    )
    caption.add_argument("photos", nargs="+", type=Path)
    caption.add_argument("--checkpoint", type=Path, required=True, metavar="PT", help="or an exported models folder")
    caption.add_argument("--beam", type=int, default=4)
    caption.set_defaults(run=commands.caption)

    export = verbs.add_parser(
        "export",
        help="write models/vision and models/captioning",
        description="Write models/vision and models/captioning. The data are those that the model was trained on: the app\n"
        "ranks captions with the frequencies of their phrases, and 256 of the photos give the ranges for int8 arithmetic.",
        formatter_class=raw,
        epilog="example: python -m training.captioning export --flickr8k data/flickr8k --checkpoint runs/tuned/best.pt",
    )
    _data_arguments(export)
    export.add_argument(
        "--checkpoint", type=Path, required=True, metavar="PT", help="or an exported models folder, to export it anew"
    )
    export.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    export.add_argument("--length-penalty", type=float, default=0.7)
    export.add_argument(
        "--decoder-only",
        action="store_true",
        help="leave models/vision as it is: for a decoder that was trained with --regions-from",
    )
    export.add_argument(
        "--fp32", action="store_true", help="keep weights and arithmetic in fp32, to see what int8 costs"
    )
    export.set_defaults(run=commands.export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    return run_command(_parser(), arguments)


if __name__ == "__main__":
    sys.exit(main())
