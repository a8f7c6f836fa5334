"""Ink: the loaders of the raw formats, the geometry, cleaning, cutting, and batches."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from training.data import iam_ondb, ink_sets, packed_ink, unipen
from training.data.ink import CHARACTERS, Ink, decode, encode, is_plain, plain_text, to_offsets, to_strokes
from training.data.ink_batches import STEPS, InkBatches, single_batches, vary
from training.data.ink_cleaning import Cleaning, CleanInk, cached, clean, strokes_of, without_misread
from training.data.ink_geometry import frame, normalise, resample, slant
from training.data.ink_text import cut_into_lines, written_text
from training.data.splits import writer_split


def _letter(character: str, x: float) -> list[np.ndarray]:
    """A plain letter at x: stems, an arch and a dot, in x-heights with y down."""
    stem = np.linspace(0, -1, 6)
    if character == "l":
        return [np.stack([np.full(11, x), np.linspace(0, -2, 11)], 1)]
    if character == "i":
        return [np.stack([np.full(6, x), stem], 1), np.array([[x, -1.5]])]
    if character == "n":
        arch = np.linspace(np.pi, 0, 8)
        up = np.stack([np.full(6, x), stem], 1)
        over = np.stack([x + 0.3 + 0.3 * np.cos(arch), -0.7 - 0.3 * np.sin(arch)], 1)
        down = np.stack([np.full(5, x + 0.6), np.linspace(-0.6, 0, 5)], 1)
        return [np.concatenate([up, over[1:], down])]
    raise AssertionError(character)


def written(text: str) -> list[np.ndarray]:
    """Strokes of a text of the letters i, l, n and spaces."""
    strokes: list[np.ndarray] = []
    x = 0.0
    for character in text:
        if character != " ":
            strokes += _letter(character, x)
        x += 1.2
    return strokes


def ink(text: str, scale: float = 30.0, writer: str = "unipen/x/a") -> Ink:
    return Ink(tuple((s * scale + 500).astype(np.float32) for s in written(text)), text, writer)


def clean_ink(texts: list[str], **rules) -> CleanInk:
    return clean([(f"s/{i}", ink(text)) for i, text in enumerate(texts)], Cleaning(**rules))


# --- Loaders

_DOC = ".COORD X Y P\n.X_POINTS_PER_MM 10\n.Y_POINTS_PER_MM 20\n.POINTS_PER_SECOND 100\n"
_POINTS = """.WRITER_ID jo
.COMMENT 3 strokes
 with a line that looks like nothing
.PEN_DOWN
0 0 9
10 20 9
.PEN_UP
.DT 100
.PEN_DOWN
20 0 9
30 0 9
40 0 9
.PEN_UP
.PEN_DOWN
50 40 9
.PEN_UP
"""
_LABELS = """.VERSION 1.0
.INCLUDE lab/lab.doc
.INCLUDE lab/data/jo.dat
.SEGMENT TEXT 0-2 OK "he said \\"no\\""
.SEGMENT WORD 0, 2 ? "he"
.SEGMENT WORD 1:1-2:0 "said"
.SEGMENT CHARACTER 0 ? "h"
"""


@pytest.fixture
def cd(tmp_path: Path) -> Path:
    for name, text in {
        "include/lab/lab.doc": _DOC,
        "include/lab/data/jo.dat": _POINTS,
        "data/1/lab/jo.dat": _LABELS,
    }.items():
        path = tmp_path / "cd" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "cd"


def test_unipen_segments(cd: Path) -> None:
    text, word, points = unipen.load(cd)
    assert (text.text, text.writer) == ('he said "no"', "unipen/lab/jo")
    # 10 and 20 points a mm, and y down.
    np.testing.assert_allclose(text.strokes[0], [[0, 0], [1, -1]])
    assert [len(s) for s in text.strokes] == [2, 3, 1]
    assert [len(s) for s in word.strokes] == [2, 1]
    assert [len(s) for s in points.strokes] == [2, 1]
    assert len(unipen.load(cd, ("WORD",))) == 2


def test_unipen_says_what_is_wrong(cd: Path) -> None:
    with pytest.raises(ValueError, match="a UNIPEN folder looks like this"):
        unipen.load(cd / "include")
    labels = cd / "data/1/lab/jo.dat"
    labels.write_text(_LABELS.replace("0-2", "0-7"))
    with pytest.raises(ValueError, match="'0-7' among 3 components"):
        unipen.load(cd)
    labels.write_text(_LABELS.replace("lab.doc", "no.doc"))
    with pytest.raises(ValueError, match=r"includes lab/no\.doc"):
        unipen.load(cd)


@pytest.fixture
def iam(tmp_path: Path) -> Path:
    folder = tmp_path / "iam"
    for name in ("lineStrokes/a01/a01-000", "ascii/a01/a01-000", "original/a01/a01-000"):
        (folder / name).mkdir(parents=True)
    for i, xs in enumerate(([1, 2], [3, 4], [5, 6]), 1):
        points = "".join(f'<Point x="{x}" y="{i}" time="0.1"/>' for x in xs)
        text = f"<S><StrokeSet><Stroke>{points}</Stroke><Stroke>{points}</Stroke></StrokeSet></S>"
        (folder / f"lineStrokes/a01/a01-000/a01-000u-0{i}.xml").write_text(text)
    (folder / "ascii/a01/a01-000/a01-000u.txt").write_text("OCR:\n\nnot this\n\nCSR:\n\nfirst line\nsecond\nthird\n")
    (folder / "original/a01/a01-000/strokesu.xml").write_text('<Form id="a01-000" writerID="10138"/>')
    (folder / "excluded-ids.txt").write_text("a01-000u-02\n")
    return folder


def test_iam_lines(iam: Path) -> None:
    first, third = iam_ondb.load(iam)
    assert (first.text, third.text, first.writer) == ("first line", "third", "iam-ondb/10138")
    np.testing.assert_allclose(third.strokes[1], [[5, 3], [6, 3]])
    with pytest.raises(ValueError, match="an IAM-OnDB folder looks like this"):
        iam_ondb.load(iam / "ascii")
    (iam / "lineStrokes/a01/a01-000/a01-000u-01.xml").write_text("<broken")
    with pytest.raises(ValueError, match="cannot be read"):
        iam_ondb.load(iam)


def pack(path: Path) -> None:
    end = np.array([0, 1, 1, 0, 1])
    np.savez(
        path,
        dx=np.array([0, 3, 4, 0, 1], np.int16),
        dy=np.array([0, -1, 0, 0, 1], np.int16),
        end=np.packbits(end),
        offset=np.array([0, 3, 5], np.int32),
        text=np.array(["ab", "c"]),
        writer=np.array(["x/a", "x/b"]),
    )


def test_packed_ink(tmp_path: Path) -> None:
    pack(tmp_path / "a.train.npz")
    first, second = packed_ink.load(tmp_path / "a.train.npz", "unipen")
    assert (first.text, first.writer, second.writer) == ("ab", "unipen/x/a", "unipen/x/b")
    assert [s.tolist() for s in first.strokes] == [[[0, 0], [3, -1]], [[7, -1]]]
    (tmp_path / "b.npz").write_text("no")
    with pytest.raises(ValueError, match="an npz of ink holds"):
        packed_ink.load(tmp_path / "b.npz", "unipen")


def test_folders_are_recognised(cd: Path, iam: Path, tmp_path: Path) -> None:
    assert len(list(ink_sets.read_folder(cd, "unipen"))) == 3
    assert len(list(ink_sets.read_folder(iam, "iam-ondb"))) == 2
    (tmp_path / "packed").mkdir()
    pack(tmp_path / "packed/a.train.npz")
    assert [name for name, _ in ink_sets.read_folder(tmp_path / "packed", "unipen")] == ["a/0", "a/1"]
    options = argparse.Namespace(unipen=tmp_path, iam=None, cache=tmp_path / "cache", deslant=False)
    with pytest.raises(ValueError, match="an ink folder holds"):
        ink_sets.load_ink(options, "train")
    options.unipen = None
    with pytest.raises(ValueError, match="give one of --unipen and --iam"):
        ink_sets.load_ink(options, "train")


# --- Text and geometry


def test_text() -> None:
    assert len(CHARACTERS) == 95
    assert decode(encode("Qx~ 1")) == "Qx~ 1"
    assert plain_text("“Café” –\tit’s…") == '"Cafe" - it\'s...'
    assert is_plain("a b")
    assert not is_plain("Привет")
    assert not is_plain("")
    assert written_text("wasn ' t , Unfor -", "unipen/dar/wes") == "wasn't, Unfor-"
    assert written_text("th\\@i\\@n\\@g\\@", "unipen/kai/x") == "thing"
    assert written_text("Martin 2 4 5 2", "unipen/hpb/x") == "Martin 2452"
    assert written_text("1 + 1 = 2", "unipen/art/x") == "1 + 1 = 2"


def test_offsets_and_back() -> None:
    strokes = written("nil")
    offsets = to_offsets(strokes)
    assert offsets[:, 2].sum() == len(strokes)
    for a, b in zip(to_strokes(offsets), strokes, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_resampling_keeps_ends_and_distances() -> None:
    angle = np.sort(np.random.default_rng(0).uniform(0, 4, 200))
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    for smoothing in (0.0, 0.05):
        points = resample(circle, 0.2, smoothing)
        np.testing.assert_allclose(points[[0, -1]], circle[[0, -1]], atol=1e-6)
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert steps.max() / steps.min() < 1.05
        assert 0.18 < steps.mean() < 0.22
        assert np.abs(np.hypot(*points.T) - 1).max() < 0.02
    assert len(resample(circle[:1], 0.2)) == 1
    assert len(resample(np.zeros((4, 2)), 0.2, 0.1)) == 1


@pytest.mark.parametrize("scale", [3.0, 40.0, 900.0])
def test_the_frame_is_found_at_any_size(scale: float) -> None:
    strokes = [s * scale + 77 for s in written("nil nin linn")]
    tilted = [s + np.stack([0 * s[:, 0], 0.1 * (s[:, 0] - 77)], 1) for s in strokes]
    for ink_strokes, slope in ((strokes, 0.0), (tilted, 0.1)):
        found = frame(ink_strokes, "nil nin linn")
        assert found.x_height / scale == pytest.approx(1, abs=0.12)
        assert found.slope == pytest.approx(slope, abs=0.02)
        placed = np.concatenate(normalise(ink_strokes, found))
        assert abs(np.quantile(placed[:, 1], 0.98)) < 0.15
        assert placed[:, 0].min() == 0


def test_slant() -> None:
    strokes = [np.stack([s[:, 0] - 0.3 * s[:, 1], s[:, 1]], 1) for s in written("lll")]
    assert slant(strokes) == pytest.approx(0.3, abs=0.01)


# --- Cleaning


def test_cleaning_drops_what_disagrees() -> None:
    good = [(f"s/{i}", ink(text)) for i, text in enumerate(["nil in", "lin", "nnn", "ill", "il nil"] * 12)]
    strange = Ink(ink("nil").strokes, "nilnilnilnilnilnilnilnil", "unipen/x/a")
    foreign = Ink(ink("nil").strokes, "ж", "unipen/x/a")
    sign = Ink(ink("i").strokes, ".", "unipen/x/a")
    two = Ink(
        tuple([*ink("nil lin").strokes, *(s + np.array([0, 120], np.float32) for s in ink("nil lin").strokes)]),
        "nil lin nil lin",
        "unipen/x/a",
    )
    found = clean([*good, ("bad/0", strange), ("bad/1", foreign), ("bad/2", sign), ("bad/3", two)], Cleaning())
    assert not [name for name in found.names if name.startswith("bad")]
    assert len(found) == found.report["kept"] == 60
    assert found.report["read"] == 64
    assert found.report["dropped: not in printable ASCII"] == 1
    assert found.report["dropped: a lone sign, which shows no height"] == 1
    offsets = found.offsets(0)
    inside = offsets[1:][offsets[:-1, 2] == 0]
    assert np.hypot(*inside[:, :2].T).mean() == pytest.approx(0.2, abs=0.02)
    points = np.concatenate(strokes_of(found, 0))
    assert points[:, 0].min() == pytest.approx(0, abs=0.01)
    assert abs(points[:, 1].max()) < 0.2


def test_letters_set_apart_are_drawn_together() -> None:
    strokes = [s + np.array([3.0 * k, 0]) for k, s in enumerate(written("lll"))]
    found = clean([("s/0", Ink(tuple(s * 30 for s in strokes), "lll", "unipen/x/a"))], Cleaning())
    lefts = [s[:, 0].min() for s in strokes_of(found, 0)]
    assert np.diff(lefts).max() < 0.6


def test_long_lines_are_cut_at_words() -> None:
    text = "nnn nn nnnn nnn nn nnnnn nn nnn nnnn"
    cut = cut_into_lines(written(text), text, 20)
    assert " ".join(piece for _, piece in cut) == text
    assert all(len(piece) <= 20 for _, piece in cut)
    for strokes, piece in cut:
        assert len(strokes) == len(written(piece))
    found = clean_ink([text], longest=20)
    assert found.names == [f"s/0/{i}" for i in range(len(cut))]


def test_cleaned_ink_is_cached_and_filtered(tmp_path: Path) -> None:
    source = tmp_path / "source.npz"
    source.write_text("x")
    read = [(f"s/{i}", ink(text)) for i, text in enumerate(["nil", "lin", "in"])]
    calls = []
    for _ in range(2):
        found = cached([source], lambda: calls.append(1) or read, Cleaning(), tmp_path / "cache")
    assert len(calls) == 1
    assert found.texts == ["nil", "lin", "in"]
    np.testing.assert_array_equal(found.points, clean(read, Cleaning()).points)
    losses = tmp_path / "losses.tsv"
    losses.write_text("s/1\t3.5\tlin\tx\ns/0\t0.2\tnil\tnil\n")
    kept = without_misread(found, losses, 2.5)
    assert kept.names == ["s/0", "s/2"]
    np.testing.assert_array_equal(kept.offsets(1), found.offsets(2))
    losses.write_text("nonsense\n")
    with pytest.raises(ValueError, match="a file of losses has"):
        without_misread(found, losses, 2.5)


def test_writers_are_split() -> None:
    assert writer_split("unipen/sta/hpb0-sd") == "dev"
    assert writer_split("unipen/sta/hpb0-aeb") == "train"
    # The same person in two sets of one laboratory group.
    assert writer_split("unipen/ced/NAPL4256") == writer_split("unipen/cee/NAPL4256") == "dev"


# --- Batches


def test_batches_join_words_and_keep_to_their_budget() -> None:
    found = clean_ink(["nil", "lin", "in", "ill", "nn", "nil in nil"] * 10)
    batches = InkBatches(found, {"unipen/x/a": 7}, seed=1, budget=600)
    count = len(batches)
    seen = set()
    for epoch in range(2):
        batches.set_epoch(epoch)
        assert len(batches) == count
        for i in range(count):
            batch = batches[i]
            rows, points, _ = batch["offsets"].shape
            assert rows * points <= 600 or rows == 1
            assert batch["writers"].tolist() == [7] * rows
            for b in range(rows):
                text = decode(batch["text"][b].tolist())
                seen.add(text)
                assert batch["offsets"][b, batch["lengths"][b] - 1, 2] == 1
            repeat = batches[i]
            torch.testing.assert_close(batch["offsets"], repeat["offsets"])
    joined = [text for text in seen if text.count(" ") > 2]
    assert joined


def test_words_stand_on_one_line() -> None:
    found = clean_ink(["nil", "lin", "in"])
    batches = InkBatches(found, {}, seed=1)
    offsets, text = batches.line([0, 1, 2], np.random.default_rng(0))
    assert text == "nil lin in"
    strokes = to_strokes(offsets)
    assert max(s[-1, 1] for s in strokes if len(s) == 6) < 0.2
    lefts = [s[:, 0].min() for s in strokes]
    assert lefts == sorted(lefts)


def test_single_characters_make_words() -> None:
    found = clean_ink(["n", "i", "l", "lin"])
    batches = InkBatches(found, {}, seed=1)
    seen = [batches.line([0, 1, 2, 3], np.random.default_rng(i)) for i in range(20)]
    assert {text for _, text in seen} == {"nil lin", "ni l lin", "n il lin", "n i l lin"}
    widths = {text: np.ptp(np.concatenate(to_strokes(offsets))[:, 0]) for offsets, text in seen}
    assert widths["nil lin"] < widths["n i l lin"]


def test_words_of_capitals_stand_together() -> None:
    texts = ["nil", "NIL"] * 30
    found = clean_ink(["nil"] * len(texts))
    found.texts[:] = texts
    lines = InkBatches(found, {}, seed=1, joined=1.0).batches
    kinds = [{texts[i] for i in line} for batch in lines for line in batch if len(line) > 2]
    assert {"NIL"} in kinds
    assert {"nil", "NIL"} in kinds


def test_single_batches_are_the_samples_as_they_are() -> None:
    found = clean_ink(["nil", "lin", "in", "ill"])
    rows = {}
    for batch in single_batches(found, {}, budget=300):
        for b, sample in enumerate(batch["samples"].tolist()):
            rows[sample] = batch["offsets"][b, : batch["lengths"][b]].numpy()
    assert sorted(rows) == [0, 1, 2, 3]
    np.testing.assert_allclose(rows[2] / [STEPS, STEPS, 1], found.offsets(2), atol=1e-5)


def test_variation_is_small_and_keeps_lifts() -> None:
    offsets = to_offsets(written("nil"))
    varied = vary(offsets, np.random.default_rng(1))
    np.testing.assert_array_equal(varied[:, 2], offsets[:, 2])
    assert 0 < np.abs(varied - offsets).max() < 0.6
