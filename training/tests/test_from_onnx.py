"""Weights that went out through ONNX come back as they were, but for int8 rounding."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from training.captioning.decoder import KINDS, Decoder, DecoderConfig
from training.captioning.exporting import LEAST_DOCUMENTS, export
from training.captioning.from_onnx import load_exported
from training.captioning.model import Captioner
from training.captioning.vocabulary import SPECIAL, Vocabulary
from training.data.captions import CaptionedPhoto
from training.onnx_session import open_session
from training.vision import VisionEncoder

WORDS = 60
PIXELS = nn.functional.interpolate(torch.rand(1, 3, 14, 14), (224, 224), mode="bicubic").clamp(0, 1)


@pytest.fixture(scope="module")
def vision() -> VisionEncoder:
    torch.manual_seed(0)
    encoder = VisionEncoder(None).eval()
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2.0)
            module.weight.data.uniform_(0.8, 1.2)
            module.bias.data.uniform_(-0.2, 0.2)
    return encoder


def _export(vision: VisionEncoder, kind: str, models: Path) -> Captioner:
    config = DecoderConfig(WORDS, kind, hidden_size=40, embedding_size=28, attention_size=36)
    captioner = Captioner(vision, Decoder(config)).eval()
    vocabulary = Vocabulary([*SPECIAL, *(f"w{i}" for i in range(WORDS - len(SPECIAL)))])
    captioned = [CaptionedPhoto("a", Path("a.jpg"), ("w0 w1",))] * LEAST_DOCUMENTS
    export(captioner, vocabulary, captioned, PIXELS, models, 0.7, "python")
    return captioner


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
def test_decoder_weights_come_back(vision: VisionEncoder, kind: str, tmp_path: Path) -> None:
    original = _export(vision, kind, tmp_path).decoder
    restored, vocabulary = load_exported(tmp_path)
    assert restored.decoder.config.kind == kind
    assert len(vocabulary) == WORDS
    for name, parameter in original.named_parameters():
        # Half a step of int8, whose largest value is the largest of its channel.
        atol = parameter.abs().max().item() / 127 * 0.51
        torch.testing.assert_close(restored.decoder.get_parameter(name), parameter, atol=atol, rtol=0, msg=name)


@torch.no_grad()
def test_computes_what_onnx_runtime_computes(vision: VisionEncoder, tmp_path: Path) -> None:
    _export(vision, "top-down", tmp_path)
    restored, _ = load_exported(tmp_path)
    session = open_session(tmp_path / "vision/encoder.onnx")
    (regions,) = session.run(None, {"pixels": PIXELS.numpy()})
    difference = restored.vision(PIXELS).numpy() - regions  # the rounding of activations, which PyTorch does without
    assert np.linalg.norm(difference) < 0.12 * np.linalg.norm(regions)
    session = open_session(tmp_path / "captioning/step.onnx")
    features, keys, state = restored.decoder.prepare(torch.from_numpy(regions))
    tokens, states = torch.randint(0, WORDS, (1, 3), dtype=torch.int32), torch.rand(1, 3, state.shape[-1])
    logits, next_state, _ = restored.decoder.step(tokens, states, features, keys)
    photo = torch.zeros(1, dtype=torch.int32)
    inputs = {"tokens": tokens, "state": states, "photo": photo, "features": features, "keys": keys}
    found = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    np.testing.assert_allclose(found[0], logits.log_softmax(-1).numpy(), atol=1e-3)
    np.testing.assert_allclose(found[1], next_state.numpy(), atol=1e-3)


def test_exports_the_decoder_alone(vision: VisionEncoder, tmp_path: Path) -> None:
    captioner = _export(vision, "top-down", tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "vision").iterdir()}
    captioner.decoder.output_bias.data += 1
    vocabulary = load_exported(tmp_path)[1]
    captioned = [CaptionedPhoto("a", Path("a.jpg"), ("w0 w1",))] * LEAST_DOCUMENTS
    export(captioner, vocabulary, captioned, None, tmp_path, 0.7, "python", decoder_only=True)
    assert {path: path.read_bytes() for path in (tmp_path / "vision").iterdir()} == before
    bias = load_exported(tmp_path)[0].decoder.output_bias
    torch.testing.assert_close(bias, captioner.decoder.output_bias)


def test_says_what_is_wrong_with_the_files(vision: VisionEncoder, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"encoder\.onnx is missing: restore it"):
        load_exported(tmp_path)
    _export(vision, "top-down", tmp_path)
    path = tmp_path / "vision/encoder.onnx"
    model = onnx.load(path)
    last = next(node for node in reversed(model.graph.node) if node.op_type == "Conv")
    last.op_type = "ConvTranspose"
    onnx.save(model, path)
    with pytest.raises(ValueError, match=r"has no Conv for 32 of 1664 channels: was it exported from here"):
        load_exported(tmp_path)
