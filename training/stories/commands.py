"""The four verbs of `python -m training.stories`."""

import argparse
import json

import numpy as np
import torch

from training.data.babi import TASKS
from training.data.babi import load as load_babi
from training.device import device
from training.loop import LoopConfig, fit
from training.metrics.vqa import calibration_error
from training.report import add_row
from training.stories import exporting
from training.stories.dataset import StoryArrays, StoryBatches, pad
from training.stories.model import StoryConfig, StoryReader, load
from training.stories.train import StoryTask, accuracy_by_task, answer
from training.stories.vocabulary import Vocabulary


def train(options: argparse.Namespace) -> None:
    """Train one model on all 20 tasks."""
    questions = load_babi(options.babi, "train")
    vocabulary = Vocabulary.from_questions(questions)
    arrays = StoryArrays(questions, vocabulary)
    dev = StoryArrays(load_babi(options.babi, "dev"), vocabulary)
    dataset = StoryBatches(arrays, vocabulary, questions, options.seed, options.batch_size, not options.no_renaming)
    sizes = StoryConfig(
        len(vocabulary.words),
        len(vocabulary.answers),
        options.units,
        options.hops,
        options.encoder,
        options.context,
        options.dropout,
    )
    model = StoryReader(sizes)
    print(
        f"{len(arrays)} questions, dev {len(dev)}; {len(vocabulary.words)} words, {len(vocabulary.answers)} answers; "
        f"{sum(p.numel() for p in model.parameters())} weights"
    )
    task = StoryTask(model, vocabulary, dataset, dev, options.rate, options.linear_epochs, options.facts)
    config = LoopConfig(
        options.out,
        options.epochs,
        batch_size=1,  # the data set deals out batches
        seed=options.seed,
        clip_norm=5.0,
        ema_decay=options.ema,
        bf16=False,
        workers=0,
        validate_every=5,
    )
    fit(task, config, options.resume)


def evaluate(options: argparse.Namespace) -> None:
    """Accuracy of a checkpoint or a running app on each task, and print, or write, it."""
    if (options.checkpoint is None) == (options.url is None):
        raise ValueError("give one of --checkpoint and --url")
    questions = load_babi(options.babi, options.split)
    if options.url:
        texts, confidences = exporting.answer_by_api(options.url, questions)
    else:
        model, vocabulary = load(options.checkpoint)
        logits_BA, seen_B = answer(model.to(device()), StoryArrays(questions, vocabulary))
        probabilities_BA = torch.softmax(torch.from_numpy(logits_BA) / model.temperature.item(), dim=1)
        texts = [vocabulary.answers[i] for i in logits_BA.argmax(1)]
        confidences = probabilities_BA.amax(1).tolist()
    task_B = np.array([question.task for question in questions])
    right_B = np.array([text == question.answer for text, question in zip(texts, questions, strict=True)])
    by_task = accuracy_by_task(right_B, task_B)
    scores = {
        "questions": len(questions),
        "mean accuracy": float(np.mean(by_task)),
        "tasks above 95": sum(accuracy > 95 for accuracy in by_task),
        "calibration error": 100 * calibration_error(np.array(confidences), right_B),
    }
    if options.checkpoint:
        scores["attention to facts"] = 100 * float(seen_B.mean())
    rows = {f"{n} {name}": accuracy for n, (name, accuracy) in enumerate(zip(TASKS, by_task, strict=True), 1)}
    print(json.dumps({f"babi {options.split}": scores, "by task": rows}, indent=2))
    if options.write:
        add_row(options.write, options.label, f"babi {options.split}", scores)
        add_row(options.write.with_name("tasks.json"), options.label, f"babi {options.split}", rows)


def ask(options: argparse.Namespace) -> None:
    """Print the three likeliest answers, and how much each hop looks at each sentence."""
    model, vocabulary = load(options.checkpoint)
    story_BMW = torch.from_numpy(pad([vocabulary.encode(sentence) for sentence in options.story])).unsqueeze(0)
    question_BW = torch.from_numpy(pad([vocabulary.encode(options.question)]))
    with torch.inference_mode():
        probabilities_BA, attention_BHM = exporting.Answer(model)(story_BMW, question_BW)
    best = probabilities_BA[0].argsort(descending=True)[:3].tolist()
    print(", ".join(f"{vocabulary.answers[i]} {probabilities_BA[0, i]:.2f}" for i in best))
    for sentence, weights in zip(options.story, attention_BHM[0].T.tolist(), strict=True):
        print("  ".join(f"{weight:.2f}" for weight in weights), sentence, sep="  ")


def export(options: argparse.Namespace) -> None:
    """Write the ONNX file, the vocabulary and the manifest."""
    model, vocabulary = load(options.checkpoint)
    exporting.export(model, vocabulary, options.models, options.checkpoint)
