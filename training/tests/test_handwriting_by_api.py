"""Scores of lines that a running app writes."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from training.handwriting import by_api
from training.handwriting.__main__ import main
from training.handwriting.by_api import offsets_of
from training.reading.exporting import ExportedReader
from training.reading.model import Reader, ReaderConfig


def test_an_answer_of_the_app_becomes_what_readers_take() -> None:
    answer = {"strokes": [[[0, 20], [4, 20], [4, 16]], [[8, 24]]], "lines": [{"baseline": 28}]}
    found = offsets_of(answer)
    np.testing.assert_allclose(found, [[0, -2, 0], [1, 0, 0], [0, -1, 1], [1, 2, 1]])


def test_lines_of_an_app_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_api, "sentences", lambda limit=None: {"ordinary": ["il", "n"], "signs": ["1"]})
    asked = []

    def post(session, url, json, timeout):
        asked.append((url, json))
        content = {"strokes": [[[0, 0], [4, 0]]], "lines": [{"baseline": 0}], "warnings": ["It left its band."]}
        return SimpleNamespace(status_code=200 if json["text"] != "1" else status, json=lambda: content, text="busy")

    status = 200
    monkeypatch.setattr("requests.Session.post", post)
    reader = Reader(ReaderConfig(hidden=8, layers=1)).eval()
    rows = by_api.legibility_by_api("http://app", reader, ["a", "b"], 0.8, seed=1)
    assert {json["style"] for _, json in asked} == {"a", "b"}
    assert len({json["seed"] for _, json in asked}) == len(asked) == 6
    assert rows["app (int8 ONNX), bias 0.8", "synthesised, ordinary"]["lines"] == 4
    assert rows["a, app (int8 ONNX), bias 0.8", "synthesised, by style"]["runaways after redraws ‰"] == 1000
    status = 503
    with pytest.raises(ValueError, match="answered 503 for '1': busy"):
        by_api.legibility_by_api("http://app", reader, [], None, seed=1)


def test_an_exported_reader_takes_any_number_of_points() -> None:
    reader = ExportedReader(Path("models/handwriting/reader.onnx"))
    points = torch.randn(1, 8, 3)
    assert reader(points).shape == (1, 3, 96)
    with pytest.raises(ValueError, match="is missing"):
        ExportedReader(Path("models/none.onnx"))


def test_the_command_wants_one_source_and_a_reader(capsys) -> None:
    for arguments in ([], ["--url", "http://app", "--checkpoint", "a.pt"], ["--url", "http://app"]):
        assert main(["evaluate", *arguments]) == 2
    assert "need a --reader" in capsys.readouterr().err
