"""How an answerer is saved and loaded. The encoder, which it shares with captioning, is not part of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training.vqa.answerer import Answerer, AnswererConfig
from training.vqa.vocabulary import Vocabulary
from training.weights import trained_weights


def checkpoint_extra(model: Answerer, vocabulary: Vocabulary) -> dict[str, Any]:
    """What `load` needs beside the weights."""
    return {"answerer": asdict(model.config), "words": vocabulary.words, "answers": vocabulary.answers}


def load(path: Path) -> tuple[Answerer, Vocabulary]:
    """Build the answerer of a `best.pt` or `last.pt` in evaluation mode (averaged weights where there are any).

    Raises:
        ValueError: the file is missing or is no checkpoint of this task.
    """
    if not path.exists():
        raise ValueError(f"the checkpoint {path} does not exist: train one with `python -m training.vqa train`")
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "answerer" not in content:
        raise ValueError(f"{path} is not a checkpoint of `python -m training.vqa train`")
    model = Answerer(AnswererConfig(**content["answerer"]))
    model.load_state_dict(trained_weights(path))
    return model.eval(), Vocabulary(content["words"], content["answers"])
