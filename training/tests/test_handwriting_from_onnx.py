"""A synthesiser's weights that went out through ONNX come back as they were, but for int8 rounding."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from training.handwriting.exporting import export
from training.handwriting.from_onnx import load_exported
from training.handwriting.mixture import mixture, sample
from training.handwriting.model import Synthesizer, SynthesizerConfig
from training.handwriting.synthesis import style_of, to_ids
from training.onnx_session import open_session

STYLES = {"round-hand": "b", "steep-hand": "a"}


def _export(models: Path, feedback: bool = True) -> Synthesizer:
    torch.manual_seed(0)
    # Large enough for every matrix to be stored in int8.
    sizes = {"hidden": 40, "mixtures": 5, "windows": 9, "characters": 12, "style": 6}
    model = Synthesizer(SynthesizerConfig(writers=["a", "b", "c"], feedback=feedback, **sizes)).eval()
    for name, parameter in model.named_parameters():
        if "bias" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    export(model, models, models / "best.pt", STYLES)
    return model


@torch.no_grad()
@pytest.mark.parametrize("feedback", (True, False))
def test_weights_come_back(feedback: bool, tmp_path: Path) -> None:
    original = _export(tmp_path, feedback)
    restored = load_exported(tmp_path)
    assert restored.config == SynthesizerConfig(**{**vars(original.config), "writers": list(STYLES)})
    for name, parameter in original.named_parameters():
        if name == "styles.weight" or "bias_" in name:
            continue
        # Half a step of int8, whose largest value is the largest of its channel; a layer's two matrices share channels.
        largest = max(p.abs().max().item() for n, p in original.named_parameters() if n.split(".")[0] in name)
        torch.testing.assert_close(restored.get_parameter(name), parameter, atol=largest / 127 * 0.51, rtol=0, msg=name)
    for mine, theirs in zip(
        (original.first, original.second, original.third),
        (restored.first, restored.second, restored.third),
        strict=True,
    ):
        torch.testing.assert_close(theirs.bias_ih_l0 + theirs.bias_hh_l0, mine.bias_ih_l0 + mine.bias_hh_l0)
    for style, writer in {**STYLES, None: None}.items():
        # Styles are rounded to four digits.
        torch.testing.assert_close(style_of(restored, style), style_of(original, writer), atol=6e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("feedback", (True, False))
def test_computes_what_onnx_runtime_computes(feedback: bool, tmp_path: Path) -> None:
    _export(tmp_path, feedback)
    model = load_exported(tmp_path)
    texts, steps, bias = ["Hello", "no"], 12, torch.tensor([0.3, 1.5])
    noise = torch.cat([torch.rand(steps, 2, 1), torch.randn(steps, 2, 2), torch.rand(steps, 2, 1)], 2)
    ids, style, state = to_ids(texts), torch.randn(2, 6), model.start(2)
    point = torch.tensor([[0.0, 0.0, 1.0]] * 2)
    feeds = {"text": ids.int(), "style": style, "bias": bias, **state._asdict(), "point": point, "noise": noise}
    feeds["given"] = torch.zeros(steps, 2, 4)
    session = open_session(tmp_path / "handwriting/synthesizer.onnx")
    (found,) = session.run(["points"], {name: value.numpy() for name, value in feeds.items()})
    points = []
    for drawn in noise:
        outputs, _, state = model.step(point, state, model.characters(ids), style)
        point = sample(mixture(outputs, bias.unsqueeze(1)), drawn)
        points.append(point)
    np.testing.assert_allclose(found, torch.stack(points).numpy(), atol=1e-4)


def test_says_what_is_wrong_with_the_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"synthesizer\.onnx is missing: restore it"):
        load_exported(tmp_path)
    _export(tmp_path)
    path = tmp_path / "handwriting/synthesizer.onnx"
    model = onnx.load(path)
    scan = next(node for node in model.graph.node if node.op_type == "Scan")
    body = next(attribute.g for attribute in scan.attribute if attribute.name == "body")
    renamed = next(t for t in body.initializer if t.name == "synthesizer.output.bias")
    renamed.name = "synthesizer.other"
    onnx.save(model, path)
    with pytest.raises(ValueError, match=r"has no array 'output\.bias': was it exported from here"):
        load_exported(tmp_path)
    del model.graph.node[:]
    onnx.save(model, path)
    with pytest.raises(ValueError, match=r"has 0 LSTM layers and not 3"):
        load_exported(tmp_path)
