"""An answerer's weights that went out through ONNX come back as they were, but for int8 rounding."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from training.onnx_session import open_session
from training.vision import FEATURES
from training.vqa.answerer import KINDS, Answerer, AnswererConfig
from training.vqa.exporting import export
from training.vqa.from_onnx import load_exported
from training.vqa.vocabulary import SPECIAL, Vocabulary

VOCABULARY = Vocabulary([*SPECIAL, *(f"w{i}" for i in range(58))], [f"answer {i}" for i in range(44)])


def _export(kind: str, models: Path, bidirectional: bool = True, bag_of_words: bool = True) -> Answerer:
    torch.manual_seed(0)
    sizes = {"hidden_size": 40, "embedding_size": 28, "attention_size": 36, "bidirectional": bidirectional}
    sizes |= {"bag_of_words": bag_of_words}
    model = Answerer(AnswererConfig(len(VOCABULARY.words), len(VOCABULARY.answers), kind, **sizes)).eval()
    model.temperature.fill_(1.7)
    for parameter in model.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)
    export(model, VOCABULARY, models, models / "best.pt")
    return model


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("bidirectional", "bag_of_words"), [(True, True), (False, True), (True, False)])
def test_weights_come_back(kind: str, bidirectional: bool, bag_of_words: bool, tmp_path: Path) -> None:
    original = _export(kind, tmp_path, bidirectional, bag_of_words)
    restored, vocabulary = load_exported(tmp_path)
    assert restored.config.kind == kind
    assert (vocabulary.words, vocabulary.answers) == (VOCABULARY.words, VOCABULARY.answers)
    assert restored.temperature.item() == pytest.approx(1.7)
    assert restored.state_dict().keys() == original.state_dict().keys()
    for name, parameter in original.named_parameters():
        # Half a step of int8, whose largest value is the largest of its channel.
        atol = parameter.abs().max().item() / 127 * 0.51
        torch.testing.assert_close(restored.get_parameter(name), parameter, atol=atol, rtol=0, msg=name)


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS[2:])
def test_computes_what_onnx_runtime_computes(kind: str, tmp_path: Path) -> None:
    _export(kind, tmp_path)
    restored, _ = load_exported(tmp_path)
    regions = torch.rand(2, 49, FEATURES)
    tokens = torch.tensor([[2, 3, 4], [5, 1, 0], [9, 0, 0]], dtype=torch.int32)
    photo = torch.tensor([0, 1, 1], dtype=torch.int32)
    features, keys = restored.prepare(regions)
    logits, attention = restored.answer(tokens, photo, features, keys)

    def run(file: str, **inputs: torch.Tensor) -> list[np.ndarray]:
        session = open_session(tmp_path / file)
        return session.run(None, {name: value.numpy() for name, value in inputs.items()})

    for ours, theirs in zip((features, keys), run("vqa/prepare.onnx", regions=regions), strict=True):
        np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-3)
    found = run("vqa/answer.onnx", tokens=tokens, photo=photo, features=features, keys=keys)
    np.testing.assert_allclose(found[0], (logits / restored.temperature).softmax(-1).numpy(), atol=1e-5)
    np.testing.assert_allclose(found[1], attention.numpy(), atol=1e-5)


def test_says_what_is_wrong_with_the_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"prepare\.onnx is missing: restore it"):
        load_exported(tmp_path)
    _export("top-down", tmp_path)
    path = tmp_path / "vqa/answer.onnx"
    model = onnx.load(path)
    model.graph.initializer.remove(next(t for t in model.graph.initializer if t.name == "answerer.fuse_question.bias"))
    onnx.save(model, path)
    with pytest.raises(ValueError, match=r"has no array 'fuse_question\.bias': was it exported from here"):
        load_exported(tmp_path)
