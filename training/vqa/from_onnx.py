"""The PyTorch answerer with the weights of the exported ONNX files: the inverse of `exporting.py`."""

import json
from pathlib import Path

import onnx
import torch

from training.vqa.answerer import Answerer, AnswererConfig
from training.vqa.vocabulary import Vocabulary
from training.weights import copy_weight, module_weights

_MARKS = {"position": "top-down", "queries": "stacked-attention", "project_photo": "vis-lstm"}


def load_exported(models: Path) -> tuple[Answerer, Vocabulary]:
    """Build the answerer of `models/vqa` in evaluation mode, its kind and sizes read from the arrays.

    Raises:
        ValueError: a file is missing, or was not exported from these modules.
    """
    paths = [models / "vqa/prepare.onnx", models / "vqa/answer.onnx"]
    words = models / "vqa/vocabulary.json"
    for path in [*paths, words]:
        if not path.exists():
            raise ValueError(f"{path} is missing: restore it from the repository, or export a checkpoint")
    stored = json.loads(words.read_text())
    weights = module_weights([onnx.load(path).graph for path in paths], "answerer")
    modules = {name.split(".")[0] for name in weights}
    kind = next((kind for mark, kind in _MARKS.items() if mark in modules), "question-only")
    try:
        count, embedding = weights["question.embedding.weight"].shape
        answers, hidden = weights["output.weight"].shape
        attention = next((len(weights[name]) for name in ("query.bias", "queries.0.bias") if name in weights), 1)
        both_ends = "question.backward_lstm.weight_ih_l0" in weights
        bag_of_words = "fuse_question.weight" in weights and weights["fuse_question.weight"].shape[1] > hidden
        sizes = (hidden, embedding, attention, both_ends, bag_of_words)
        answerer = Answerer(AnswererConfig(count, answers, kind, *sizes))
        for name, parameter in answerer.named_parameters():
            copy_weight(parameter, weights[name], name)
        answerer.temperature.copy_(torch.from_numpy(weights["temperature"].copy()))
    except KeyError as error:
        raise ValueError(f"the answering model has no array {error}: was it exported from here?") from error
    return answerer.eval(), Vocabulary(stored["words"], stored["answers"])
