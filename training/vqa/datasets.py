"""The questions that the commands' options name."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from training.data import captions, coco_qa, daquar, vqa_v2
from training.data.splits import coco_split
from training.data.visual_questions import VisualQuestion, load_generated


def load_data(options: argparse.Namespace, split: str, generated: bool = True) -> dict[str, list[VisualQuestion]]:
    """The chosen data sets of a split, by name; those that people made come first.

    Args:
        generated: whether questions made from captions count as one of them.

    Raises:
        ValueError: no data set was named, or one lacks its photos.
    """
    sets: dict[str, list[VisualQuestion]] = {}
    for name, folder, load in (
        ("coco-qa", options.coco_qa, coco_qa.load_questions),
        ("vqa-v2", options.vqa, vqa_v2.load),
    ):
        if folder:
            if not options.coco:
                raise ValueError(f"questions of {name} need --coco, the folder of their photos")
            sets[name] = load(folder, options.coco, split)
    if options.daquar:
        sets["daquar"] = daquar.load(options.daquar, split)
    if generated and options.generated and split != "test":
        sets["generated"] = load_generated(options.generated, _photos_with_captions(options, split))
    for name, questions in sets.items():
        if not questions:
            raise ValueError(f"{name} has no question of split {split}")
    if not sets:
        raise ValueError("name at least one data set: --coco-qa, --vqa, --daquar or --generated")
    return sets


def photos_of(questions: Iterable[VisualQuestion]) -> dict[str, Path]:
    """The photos of questions, files by id, each once and in order."""
    return {question.photo: question.path for question in questions}


def _photos_with_captions(options: argparse.Namespace, split: str) -> dict[str, Path]:
    """The photos that questions may have been generated on, files by id."""
    photos: dict[str, Path] = {}
    if options.coco:
        for path in sorted(options.coco.glob("*2014/COCO_*2014_*.jpg")):
            image_id = int(path.stem.rsplit("_", 1)[1])
            if coco_split(image_id) == split:
                photos[f"coco/{image_id}"] = path
    if options.flickr8k:
        photos |= {photo.id: photo.path for photo in captions.load_flickr8k(options.flickr8k, split)}
    if not photos:
        raise ValueError("--generated needs the photos of its questions: --coco, --flickr8k or both")
    return photos
