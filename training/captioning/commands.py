"""The four verbs of `python -m training.captioning`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch

from training.captioning import exporting
from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.from_onnx import load_exported
from training.captioning.model import Captioner, load
from training.captioning.search import beam_search
from training.captioning.train import (
    LONGEST,
    CaptionDataset,
    CaptioningTask,
    Consensus,
    DistillationTask,
    SelfCriticalTask,
    caption_photos,
    references_of,
)
from training.captioning.vocabulary import Vocabulary
from training.data import captions, photos
from training.data.captions import CaptionedPhoto
from training.data.regions import cached_regions, encoder_digest
from training.loop import LoopConfig, fit
from training.metrics import captions as caption_metrics
from training.metrics.cider import CiderD
from training.report import add_row
from training.vision import ExportedEncoder, VisionEncoder


def load_data(options: argparse.Namespace, split: str) -> dict[str, list[CaptionedPhoto]]:
    """The chosen data sets of a split, by name.

    Raises:
        ValueError: no data set was named, or one lacks its photos.
    """
    sets: dict[str, list[CaptionedPhoto]] = {}
    if options.flickr8k:
        sets["flickr8k"] = captions.load_flickr8k(options.flickr8k, split)
    if options.karpathy:
        if not options.images:
            raise ValueError("--karpathy needs --images, the folder of the photos that it names")
        sets[options.karpathy.stem] = captions.load_karpathy(options.karpathy, options.images, split)
    if options.coco:
        sets["coco"] = captions.load_coco(options.coco, split)
    if options.coco_qa and split == "train":
        if not options.coco:
            raise ValueError("--coco-qa needs --coco, the folder of its photos")
        sets["coco-qa"] = captions.load_coco_qa_as_captions(options.coco_qa, options.coco, split)
    if not sets:
        raise ValueError("name at least one data set: --flickr8k, --coco or --karpathy")
    return sets


def train(options: argparse.Namespace) -> None:
    """Train one stage; `--from` continues with the weights of an earlier one."""
    training = captions.merge(*load_data(options, "train").values())
    dev = load_data(options, "dev")
    if options.start:
        model, vocabulary = _load(options.start)
    else:
        vocabulary = Vocabulary.from_captions(text for photo in training for text in photo.captions)
        decoder = Decoder(DecoderConfig(len(vocabulary), options.decoder))
        model = Captioner(VisionEncoder(options.init), decoder)
    tuned = options.stage == "fine-tune"
    regions = {name: None for name in dev}
    training_regions = None
    if not tuned and not options.augment:
        encoder = _region_encoder(options, model)
        paths = [photo.path for photo in training]
        training_regions = cached_regions(encoder, paths, options.cache, mirrored=True)
        for name, group in dev.items():
            regions[name] = cached_regions(encoder, [photo.path for photo in group], options.cache)
    arguments = (
        model,
        vocabulary,
        CaptionDataset(training, vocabulary, options.seed, training_regions, options.references),
        {name: (group, regions[name]) for name, group in dev.items()},
    )
    rates = {"rate": options.rate, "vision_rate": options.vision_rate if tuned else 0.0, "smoothing": options.smoothing}
    if options.stage == "self-critical":
        task = SelfCriticalTask(
            *arguments, **rates, samples=options.samples, cross_entropy_share=options.cross_entropy_share
        )
    elif options.stage == "distillation":
        teachers = _load_teachers(options.teachers, model, vocabulary)
        task = DistillationTask(*arguments, **rates, teachers=teachers, cross_entropy_share=options.cross_entropy_share)
    else:
        task = CaptioningTask(*arguments, **rates)
    print(f"{len(training)} photos, {sum(len(p.captions) for p in training)} captions, {len(vocabulary)} words")
    config = LoopConfig(options.out, options.epochs, options.batch_size, seed=options.seed, ema_decay=options.ema)
    fit(task, config, options.resume)


def _load(path: Path) -> tuple[Captioner, Vocabulary]:
    """A checkpoint, or the exported captioner of a models folder."""
    return load_exported(path) if path.is_dir() else load(path)


def _region_encoder(options: argparse.Namespace, model: Captioner) -> VisionEncoder | ExportedEncoder:
    """Where the decoder's regions come from: the model's own encoder, or the exported one of `--regions-from`."""
    return ExportedEncoder(options.regions_from) if options.regions_from else model.vision


def _load_teachers(paths: Sequence[Path], student: Captioner, vocabulary: Vocabulary) -> list[Decoder]:
    """
    Raises:
        ValueError: there is no teacher, or one has another encoder or vocabulary than the student.
    """
    if not paths:
        raise ValueError("distillation needs --teachers, checkpoints on the same encoder")
    teachers = []
    for path in paths:
        teacher, words = _load(path)
        if words.words != vocabulary.words or encoder_digest(teacher.vision) != encoder_digest(student.vision):
            raise ValueError(
                f"the teacher {path} has another encoder or vocabulary than the student: train it on the same"
            )
        teachers.append(teacher.decoder)
    return teachers


def evaluate(options: argparse.Namespace) -> None:
    """Score a checkpoint or a running app on a split and print, or write, the scores."""
    if (options.checkpoint is None) == (options.url is None):
        raise ValueError("give either --checkpoint or --url")
    consensus = None
    if options.checkpoint:
        model, vocabulary = _load(options.checkpoint)
        if options.consensus:
            training = captions.merge(*load_data(options, "train").values())
            references = [[vocabulary.encode(text, LONGEST) for text in photo.captions] for photo in training]
            consensus = Consensus(CiderD(references), options.consensus)
    for name, group in load_data(options, options.split).items():
        if options.url:
            request = {"beamWidth": options.beam} if options.beam else {}
            if options.no_rerank:
                request["rerank"] = "false"
            texts = exporting.caption_by_api(options.url, group, request)
        else:
            texts = caption_photos(
                model,
                vocabulary,
                group,
                cached_regions(_region_encoder(options, model), [photo.path for photo in group], options.cache),
                beam=options.beam or 4,
                length_penalty=options.length_penalty,
                consensus=consensus,
            )
        scores = caption_metrics.score(texts, references_of(group))
        scores |= caption_metrics.diversity(list(texts.values()))
        people = caption_metrics.people(texts, references_of(group))
        print(json.dumps({f"{name} {options.split}": scores, "people": people}, indent=2))
        if options.write:
            add_row(options.write, options.label, f"{name} {options.split}", {"photos": len(group), **scores})
            add_row(options.write, options.label, f"{name} {options.split}: people", people)


def caption(options: argparse.Namespace) -> None:
    """Print the captions of photo files with their log-probabilities."""
    model, vocabulary = _load(options.checkpoint)
    for path in options.photos:
        pixels = photos.to_pixels(photos.squash(photos.open_photo(path)))
        with torch.inference_mode():
            found = beam_search(model.decoder, model.regions(pixels.unsqueeze(0)), options.beam, LONGEST)[0]
        for hypothesis in found[:3]:
            print(f"{path}\t{hypothesis.log_probability:.2f}\t{vocabulary.decode(hypothesis.tokens)}")


def export(options: argparse.Namespace) -> None:
    """Write the ONNX files, the vocabulary and the manifest."""
    model, vocabulary = _load(options.checkpoint)
    captioned = captions.merge(*load_data(options, "train").values())
    exporting.export(
        model,
        vocabulary,
        captioned,
        None if options.fp32 or options.decoder_only else exporting.calibration_pixels(captioned),
        options.models,
        options.length_penalty,
        f"python -m training.captioning export --checkpoint {options.checkpoint} --length-penalty {options.length_penalty}"
        + (" --decoder-only" if options.decoder_only else ""),
        decoder_only=options.decoder_only,
        int8=not options.fp32,
    )
