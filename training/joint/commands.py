"""The two verbs of `python -m training.joint`."""

import argparse
from pathlib import Path

import torch

from training.captioning import from_onnx as captioning_files
from training.captioning import model as captioning
from training.captioning.train import LONGEST
from training.data import captions
from training.joint.train import AugmentedPhotos, JointDataset, JointModel, JointTask
from training.loop import LoopConfig, fit
from training.vqa import from_onnx as vqa_files
from training.vqa import model as vqa
from training.vqa.answerer import Answerer, AnswererConfig
from training.vqa.datasets import load_data, photos_of
from training.vqa.train import QuestionDataset
from training.vqa.vocabulary import Vocabulary
from training.weights import trained_weights


def train(options: argparse.Namespace) -> None:
    """Train all three; the best checkpoint is the one with the largest sum of CIDEr and accuracy."""
    captioned = _captioned(options, "train")
    dev_captioned = _captioned(options, "dev")
    training = load_data(options, "train")
    questions = [question for group in training.values() for question in group]
    captioner, words = _load(options.captioner, captioning, captioning_files)
    if options.answerer:
        answerer, vocabulary = _load(options.answerer, vqa, vqa_files)
    else:
        vocabulary = Vocabulary.from_questions(questions)
        answerer = Answerer(AnswererConfig(len(vocabulary.words), len(vocabulary.answers)))
    asked = QuestionDataset(
        questions,
        vocabulary,
        AugmentedPhotos(photos_of(questions), options.seed),
        options.seed,
        generated_per_photo=options.generated_per_photo,
    )
    references = {photo.id: [words.encode(text, LONGEST) for text in photo.captions] for photo in captioned}
    task = JointTask(
        JointModel(captioner, answerer),
        words,
        vocabulary,
        JointDataset(asked, references, options.references),
        dev_captioned,
        load_data(options, "dev", generated=False),
        options.rate,
        options.vision_rate,
        options.answers_weight,
    )
    unasked = len(set(references) - set(photos_of(questions)))
    print(f"{len(asked)} samples of photos with questions; {unasked} captioned photos without any are left out")
    fit(
        task,
        LoopConfig(options.out, options.epochs, options.batch_size, options.seed, ema_decay=options.ema),
        options.resume,
    )


def _captioned(options: argparse.Namespace, split: str) -> list[captions.CaptionedPhoto]:
    groups = []
    if options.flickr8k:
        groups.append(captions.load_flickr8k(options.flickr8k, split))
    if options.coco:
        groups.append(captions.load_coco(options.coco, split))
    if options.coco and options.coco_qa and split == "train":
        groups.append(captions.load_coco_qa_as_captions(options.coco_qa, options.coco, split))
    if not groups:
        raise ValueError("captions are needed: name --flickr8k, --coco or both")
    # One dev set chooses the checkpoint: the first.
    return captions.merge(*groups) if split == "train" else groups[0]


def _load(path: Path, checkpoints, files):
    """A checkpoint, or what was exported to a models folder."""
    return files.load_exported(path) if path.is_dir() else checkpoints.load(path)


def split(options: argparse.Namespace) -> None:
    """Write captioner.pt and answerer.pt, checkpoints of their own tasks."""
    if not options.checkpoint.exists():
        raise ValueError(
            f"the checkpoint {options.checkpoint} does not exist: train one with `python -m training.joint train`"
        )
    content = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    if "captioner" not in content:
        raise ValueError(f"{options.checkpoint} is not a checkpoint of `python -m training.joint train`")
    weights = trained_weights(options.checkpoint)
    options.out.mkdir(parents=True, exist_ok=True)
    for part in ("captioner", "answerer"):
        mine = {name.removeprefix(f"{part}."): value for name, value in weights.items() if name.startswith(f"{part}.")}
        torch.save({"model": mine, **content[part]}, options.out / f"{part}.pt")
