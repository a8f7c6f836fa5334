"""The reader: decoding, errors, learning by heart, export, scores of samples."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.ink import IDS
from training.data.ink_batches import InkBatches, single_batches
from training.loop import save_weights
from training.onnx_session import open_session
from training.reading import exporting
from training.reading.__main__ import main
from training.reading.decoding import alignment, beam_search, edits, error_rates, greedy
from training.reading.model import Reader, ReaderConfig, frame_lengths
from training.reading.train import ReadingTask, read
from training.tests.test_ink import clean_ink, ink


def frames(*rows: dict[str, float]) -> np.ndarray:
    """log-probabilities by character; "_" is the blank."""
    found = np.full((len(rows), 96), 1e-6)
    for row, probabilities in zip(found, rows, strict=True):
        for c, p in probabilities.items():
            row[0 if c == "_" else IDS[c]] = p
    return np.log(found / found.sum(1, keepdims=True))


def test_greedy_merges_repeats() -> None:
    rows = frames({"a": 1}, {"a": 1}, {"_": 1}, {"a": 1}, {"b": 1}, {"b": 1}, {"_": 1})
    assert greedy(rows) == "aab"
    assert beam_search(rows) == "aab"


def test_beam_search_adds_up_paths() -> None:
    # The likeliest path is blank, blank (0.36); the texts "a" by three paths sum to 0.64.
    rows = frames({"_": 0.6, "a": 0.4}, {"_": 0.6, "a": 0.4})
    assert greedy(rows) == ""
    assert beam_search(rows) == "a"


def test_beam_search_finds_the_best_text_of_all() -> None:
    generator = np.random.default_rng(0)
    for _ in range(5):
        rows = frames(
            *({c: float(p) for c, p in zip("_ab", generator.dirichlet([1, 1, 1]), strict=True)} for _ in range(4))
        )
        totals: dict[str, float] = {}
        for path in np.ndindex(3, 3, 3, 3):
            text, last = "", 0
            for c in path:
                text += "_ab"[c] if c and c != last else ""
                last = c
            ids = [0 if c == 0 else IDS["_ab"[c]] for c in path]
            totals[text] = totals.get(text, 0) + np.exp(sum(rows[t, c] for t, c in enumerate(ids)))
        assert beam_search(rows, width=40) == max(totals, key=totals.get)


def test_errors() -> None:
    assert edits("kitten", "sitting") == 3
    assert edits("", "ab") == 2
    assert edits("ab", "") == 2
    assert [pair for pair in alignment("abc", "axcd") if pair[0] != pair[1]] == [("b", "x"), ("", "d")]
    rate, by_character = error_rates([("abab", "abxb"), ("a", "a")])
    assert rate == pytest.approx(20)
    assert by_character == {"a": pytest.approx(100 / 3), "b": 0}


def small() -> Reader:
    return Reader(ReaderConfig(hidden=24, layers=2, dropout=0.0))


def test_padding_changes_nothing() -> None:
    model = small().eval()
    offsets = torch.randn(2, 20, 3)
    offsets[1, 11:] = 0
    lengths = torch.tensor([20, 11])
    with torch.no_grad():
        together = model(offsets, lengths)
        alone = model(offsets[1:, :11])
    assert frame_lengths(lengths).tolist() == [7, 4]
    torch.testing.assert_close(together[1, :4], alone[0], atol=2e-3, rtol=1e-3)


def test_lines_are_learnt_by_heart() -> None:
    found = clean_ink(["nil", "lin in", "ill", "nin il"])
    (batch,) = single_batches(found, {})
    model = small()
    task = ReadingTask(model, InkBatches(found, {}, 1), [batch])
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(150):
        loss, _ = task.loss(model, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    assert task.validate(model)["CER"] < 10
    assert {truth for _, truth, *_ in read(model, [batch])} == set(found.texts)


def test_onnx_reads_what_pytorch_reads() -> None:
    model = small().eval()
    graph = exporting.reader_to_onnx(model)
    session = open_session(graph.SerializeToString())
    for batch, points in ((1, 9), (3, 30)):
        offsets = torch.randn(batch, points, 3)
        (found,) = session.run(None, {"points": offsets.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(found, model(offsets), atol=1e-4)


def test_export_writes_beside_the_synthesiser(tmp_path: Path) -> None:
    model = Reader(ReaderConfig())
    save_weights(tmp_path / "best.pt", model, {"reader": vars(model.config)})
    arguments = ["export", "--checkpoint", str(tmp_path / "best.pt"), "--models", str(tmp_path / "models")]
    assert main(arguments) == 0
    assert (tmp_path / "models/handwriting/reader.onnx").stat().st_size < exporting.LARGEST
    (entry,) = json.loads((tmp_path / "models/manifest.json").read_text())["models"].values()
    assert [file["path"] for file in entry["files"]] == ["handwriting/reader.onnx", "handwriting/reader.json"]
    assert main(["export", "--checkpoint", str(tmp_path / "none.pt")]) == 2


def test_commands_train_score_and_evaluate(tmp_path: Path, capsys) -> None:
    """On a packed folder with a train writer and a dev writer."""
    folder = tmp_path / "unipen"
    folder.mkdir()
    texts = ["nil", "lin in", "ill", "nin il"] * 4
    writers = ["sta/hpb0-aeb", "sta/hpb0-sd"]
    samples = [ink(text, writer=f"unipen/{w}") for w in writers for text in texts]
    steps = [np.diff(np.rint(np.concatenate(s.strokes)), axis=0, prepend=0) for s in samples]
    for step in steps:
        step[0] = 0
    ends = [np.concatenate([np.eye(1, len(s), len(s) - 1, dtype=np.uint8)[0] for s in x.strokes]) for x in samples]
    np.savez(
        folder / "words.npz",
        dx=np.concatenate(steps)[:, 0].astype(np.int16),
        dy=np.concatenate(steps)[:, 1].astype(np.int16),
        end=np.packbits(np.concatenate(ends)),
        offset=np.cumsum([0, *map(len, steps)]),
        text=np.array([x.text for x in samples]),
        writer=np.array([x.writer.removeprefix("unipen/") for x in samples]),
    )
    data = ["--unipen", str(folder), "--cache", str(tmp_path / "cache")]
    run = tmp_path / "run"
    sizes = ["--hidden", "16", "--layers", "1", "--epochs", "1", "--points", "500"]
    assert main(["train", *data, "--out", str(run), *sizes]) == 0
    losses = tmp_path / "losses.tsv"
    assert main(["score", *data, "--checkpoint", str(run / "best.pt"), "--out", str(losses)]) == 0
    rows = [line.split("\t") for line in losses.read_text().splitlines()]
    assert len(rows) == 16
    assert {row[2] for row in rows} == set(texts)
    assert (
        main(
            [
                "evaluate",
                *data,
                "--checkpoint",
                str(run / "best.pt"),
                "--beam",
                "4",
                "--write",
                str(tmp_path / "m.json"),
            ]
        )
        == 0
    )
    written = json.loads((tmp_path / "m.json").read_text())["rows"]
    assert [row["data"] for row in written] == ["reader, unipen dev"]
    (characters,) = json.loads((tmp_path / "characters.json").read_text())["rows"]
    assert written[0]["lines"] == 16
    assert (characters["model"], set(characters)) == ("CER, unipen dev", {"model", "data", " ", "i", "l", "n"})
    assert main(["evaluate", "--unipen", str(tmp_path / "none"), "--checkpoint", str(run / "best.pt")]) == 2
    assert "is not a folder" in capsys.readouterr().err
