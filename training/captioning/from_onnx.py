"""The PyTorch captioner with the weights of the exported ONNX files: the inverse of `exporting.py`."""

import json
from pathlib import Path

import onnx

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.model import Captioner
from training.captioning.vocabulary import Vocabulary
from training.vision import VisionEncoder
from training.weights import copy_weight, module_weights


def load_exported(models: Path) -> tuple[Captioner, Vocabulary]:
    """Build the captioner of `models/vision` and `models/captioning` in evaluation mode.

    Raises:
        ValueError: a file is missing, or was not exported from these modules.
    """
    paths = [models / "vision/encoder.onnx", models / "captioning/prepare.onnx", models / "captioning/step.onnx"]
    words = models / "captioning/vocabulary.json"
    for path in [*paths, words]:
        if not path.exists():
            raise ValueError(f"{path} is missing: restore it from the repository, or export a checkpoint")
    vocabulary = Vocabulary(json.loads(words.read_text())["words"])
    decoder = _decoder([onnx.load(path).graph for path in paths[1:]])
    captioner = Captioner(VisionEncoder(paths[0]), decoder)
    return captioner.eval(), vocabulary


def _decoder(graphs: list[onnx.GraphProto]) -> Decoder:
    """The decoder of prepare.onnx and step.onnx, its kind and sizes read from their arrays."""
    weights = module_weights(graphs, "decoder")
    marks = {"language_lstm": "top-down", "sentinel_gate": "adaptive", "context_gate": "soft-attention"}
    modules = {name.split(".")[0] for name in weights}
    try:
        words, embedding = weights["embedding.weight"].shape
        hidden = len(weights["project_regions.bias"])
        attention = len(weights["query.bias"]) if "query.bias" in weights else 1
        kind = next((kind for mark, kind in marks.items() if mark in modules), "init-inject")
        decoder = Decoder(DecoderConfig(words, kind, hidden, embedding, attention))
        for name, parameter in decoder.named_parameters():
            copy_weight(parameter, weights[name], name)
    except KeyError as error:
        raise ValueError(f"the captioning model has no array {error}: was it exported from here?") from error
    return decoder
