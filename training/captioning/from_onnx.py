"""The PyTorch captioner with the weights of the exported ONNX files: the inverse of `exporting.py`."""

import json
from pathlib import Path

import numpy as np
import onnx

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.model import Captioner
from training.captioning.vocabulary import Vocabulary
from training.vision import VisionEncoder
from training.weights import copy_weight, read_weights


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
    weights: dict[str, np.ndarray] = {}
    for graph in graphs:
        found = read_weights(graph)
        weights |= {name.removeprefix("decoder."): value for name, value in found.items() if "::" not in name}
        for node in graph.node:
            # The tracer transposes the matrices of linear layers and renames them; the operator keeps the layer's name.
            if node.op_type not in ("MatMul", "MatMulInteger") or node.name.count("/") != 2:
                continue
            matrix = node.input[1].removesuffix("_int8")
            if matrix in found:
                weights.setdefault(f"{node.name.split('/')[1]}.weight", found[matrix].T)
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
