"""Where the encoder's weights come from; `test_from_onnx.py` has the way back from the exported file."""

from pathlib import Path

import pytest
import torch

from training.vision import VisionEncoder


def test_weights_come_from_a_checkpoint(tmp_path: Path) -> None:
    encoder = VisionEncoder(None)
    state = {f"vision.{name}": value for name, value in encoder.state_dict().items()}
    torch.save({"model": {**state, "decoder.bias": torch.ones(1)}}, tmp_path / "best.pt")
    averaged = {f"module.{name}": value for name, value in state.items()}
    torch.save({"model": {}, "averaged": {**averaged, "n_averaged": torch.tensor(3)}}, tmp_path / "last.pt")
    for file in ("best.pt", "last.pt"):
        found = VisionEncoder(tmp_path / file).state_dict()
        assert all(torch.equal(found[name], value) for name, value in encoder.state_dict().items())
    torch.save({"model": {"answerer.bias": torch.ones(1)}}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="holds no encoder"):
        VisionEncoder(tmp_path / "other.pt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"encoder\.onnx are missing"):
        VisionEncoder(tmp_path / "encoder.onnx")
