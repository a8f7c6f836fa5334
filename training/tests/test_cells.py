"""The values that the tests of `lib/cells` compare with are those of PyTorch."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.cells.__main__ import FIXTURE, main
from training.cells.reference import ARRANGEMENTS, SUMS


def _flatten(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {key: each for name, part in value.items() for key, each in _flatten(part, f"{path}/{name}").items()}
    if isinstance(value, list) and value and not isinstance(value[0], float):
        return {
            key: each for index, part in enumerate(value) for key, each in _flatten(part, f"{path}/{index}").items()
        }
    return {path: value}


def test_the_committed_values_are_what_pytorch_gives_now(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path / "now.json")]) == 0
    committed = json.loads((Path(__file__).parents[2] / FIXTURE).read_text(encoding="utf-8"))
    now = _flatten(json.loads((tmp_path / "now.json").read_text(encoding="utf-8")))
    then = _flatten(committed)
    assert now.keys() == then.keys()
    for path, value in now.items():
        assert then[path] == (pytest.approx(value, abs=1e-8) if isinstance(value, list | float) else value), path
    assert len(committed["networks"]) == len(SUMS) * len(ARRANGEMENTS)
