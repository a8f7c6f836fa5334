"""The four verbs of `python -m training.vqa`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.data import photos
from training.data.regions import PhotoRegions
from training.loop import LoopConfig, fit
from training.metrics import vqa as vqa_metrics
from training.report import add_row
from training.vision import region_encoder
from training.vqa import exporting
from training.vqa.answerer import Answerer, AnswererConfig
from training.vqa.baselines import majority
from training.vqa.datasets import load_data, photos_of
from training.vqa.model import load
from training.vqa.train import QuestionDataset, VqaDistillationTask, VqaTask, answer_logits, pad, probabilities
from training.vqa.vocabulary import Vocabulary


def train(options: argparse.Namespace) -> None:
    """Train an answerer; `--from` starts with the weights and the vocabulary of an earlier one."""
    training = load_data(options, "train")
    if list(training) == ["generated"]:
        raise ValueError("generated questions alone choose no checkpoint: name --coco-qa, --vqa or --daquar as well")
    dev = load_data(options, "dev", generated=False)
    questions = [question for group in training.values() for question in group]
    if options.start:
        model, vocabulary = load(options.start)
    else:
        vocabulary = Vocabulary.from_questions(questions)
        sizes = AnswererConfig(
            len(vocabulary.words),
            len(vocabulary.answers),
            options.kind,
            bidirectional=not options.one_direction,
            bag_of_words=not options.no_bag,
            dropout=options.dropout,
        )
        model = Answerer(sizes)
    encoder = region_encoder(options.vision)
    regions = PhotoRegions(encoder, options.cache, mirrored=True, crops=options.crops)
    for group in training.values():
        regions.add(photos_of(group))
    dev_regions = PhotoRegions(encoder, options.cache)
    for group in dev.values():
        dev_regions.add(photos_of(group))
    dataset = QuestionDataset(
        questions,
        vocabulary,
        regions,
        options.seed,
        generated_per_photo=options.generated_per_photo,
        borrowed_per_photo=options.borrowed_per_photo if options.teachers else 0,
        word_dropout=options.word_dropout,
        photo_dropout=options.photo_dropout,
    )
    arguments = (model, vocabulary, dataset, dev, dev_regions, options.rate)
    if options.teachers:
        teachers = _load_teachers(options.teachers, vocabulary)
        task = VqaDistillationTask(*arguments, teachers=teachers, cross_entropy_share=options.cross_entropy_share)
    else:
        task = VqaTask(*arguments)
    counts = ", ".join(f"{len(group)} of {name}" for name, group in training.items())
    print(f"questions: {counts}; {len(vocabulary.words)} words, {len(vocabulary.answers)} answers")
    config = LoopConfig(options.out, options.epochs, options.batch_size, seed=options.seed, ema_decay=options.ema)
    fit(task, config, options.resume)


def _load_teachers(paths: Sequence[Path], vocabulary: Vocabulary) -> list[Answerer]:
    """
    Raises:
        ValueError: one has another vocabulary than the student.
    """
    teachers = []
    for path in paths:
        teacher, known = load(path)
        if (known.words, known.answers) != (vocabulary.words, vocabulary.answers):
            raise ValueError(f"the teacher {path} has another vocabulary than the student: train it on the same data")
        teachers.append(teacher)
    return teachers


def evaluate(options: argparse.Namespace) -> None:
    """Score a checkpoint, a running app or the majority baseline on a split and print, or write, the scores."""
    if sum((options.checkpoint is not None, options.url is not None, options.majority)) != 1:
        raise ValueError("give one of --checkpoint, --url and --majority")
    if options.majority and options.split == "test":
        raise ValueError("--majority is for --split dev: a test folder has no training questions")
    if options.checkpoint:
        model, vocabulary = load(options.checkpoint)
        regions = None if options.without_photo else PhotoRegions(region_encoder(options.vision), options.cache)
    if options.majority:
        training = [question for group in load_data(options, "train").values() for question in group]
    for name, group in load_data(options, options.split).items():
        questions = [question for question in group if vqa_metrics.is_scored(question)]
        if options.url:
            answers, confidences = exporting.answer_by_api(options.url, questions)
        elif options.majority:
            answers, confidences = majority(training, questions)
        else:
            if regions:
                regions.add(photos_of(group))
            found = probabilities(answer_logits(model, vocabulary, questions, regions), model.temperature.item())
            answers = [vocabulary.answers[i] for i in found.argmax(1)]
            confidences = found.max(1).tolist()
        scores = {"questions": len(questions), **vqa_metrics.score(questions, answers, confidences)}
        people = vqa_metrics.people(questions, answers)
        print(json.dumps({f"{name} {options.split}": scores, "people": people}, indent=2))
        if options.write:
            add_row(options.write, options.label, f"{name} {options.split}", scores)
            add_row(options.write, options.label, f"{name} {options.split}: people", people)


def ask(options: argparse.Namespace) -> None:
    """Print the five likeliest answers to a question on each photo, with the photo and without it."""
    model, vocabulary = load(options.checkpoint)
    encoder = region_encoder(options.vision).eval()
    tokens = pad([vocabulary.encode(options.question)] * 2)
    for path in options.photos:
        pixels = photos.to_pixels(photos.squash(photos.open_photo(path))).unsqueeze(0)
        with torch.inference_mode():
            regions = encoder(pixels.float() / 255)
            logits = model(torch.cat([regions, torch.zeros_like(regions)]), tokens, torch.tensor([0, 1])).numpy()
        for label, row in zip(
            (str(path), "without the photo"), probabilities(logits, model.temperature.item()), strict=True
        ):
            best = np.argsort(-row)[:5]
            print(f"{label}\t" + ", ".join(f"{vocabulary.answers[i]} {row[i]:.2f}" for i in best))


def export(options: argparse.Namespace) -> None:
    """Write the ONNX files, the vocabulary and the manifest."""
    model, vocabulary = load(options.checkpoint)
    exporting.export(model, vocabulary, options.models, options.checkpoint)
