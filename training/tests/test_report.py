"""Tables in documents come from metrics.json, and the committed ones are up to date."""

import json
from pathlib import Path

import pytest

from training import report
from training.metrics.captions import people

BLOCK = '# Scores\n\n<!-- table m.json data="dev" columns="CIDEr" rows="beam" -->\nold\n<!-- /table -->\nafter\n'


def test_a_block_is_filled_from_the_rows(tmp_path: Path) -> None:
    for label, data, value in (
        ("beam 1", "dev", 1.234),
        ("beam 4", "dev", 2.0),
        ("greedy", "dev", 3),
        ("beam 4", "x", 9),
    ):
        report.add_row(tmp_path / "m.json", label, data, {"CIDEr": value, "BLEU-4": 0.5})
    report.add_row(tmp_path / "m.json", "beam 4", "dev", {"CIDEr": 2.5})
    fresh = report.refresh(BLOCK, tmp_path)
    assert "| model | CIDEr |\n| --- | ---: |\n| beam 1 | 1.2 |\n| beam 4 | 2.5 |\n<!-- /table -->\nafter\n" in fresh
    assert "old" not in fresh
    assert report.refresh(fresh, tmp_path) == fresh


def test_a_block_that_names_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps({"rows": [{"model": "beam 1", "data": "dev", "METEOR": 1.0}]}))
    with pytest.raises(ValueError, match="no column 'CIDEr'"):
        report.refresh(BLOCK, tmp_path)
    with pytest.raises(ValueError, match="no row"):
        report.refresh(BLOCK.replace('"dev"', '"test"'), tmp_path)


def test_a_turned_block_has_a_line_for_each_column(tmp_path: Path) -> None:
    report.add_row(tmp_path / "m.json", "in training", "dev", {" ": 3, "`": 1, "|": 2})
    report.add_row(tmp_path / "m.json", "misread", "dev", {"`": 12.34, "~": 50.0})
    block = '<!-- table m.json data="dev" turned="character" -->\n<!-- /table -->\n'
    head = "| character | in training | misread |\n| --- | ---: | ---: |\n"
    lines = ["| space | 3 | – |", "| `` ` `` | 1 | 12.3 |", "| `\\|` | 2 | – |", "| `~` | – | 50.0 |"]
    assert head + "\n".join(lines) + "\n<!--" in report.refresh(block, tmp_path)


def test_the_committed_tables_are_what_the_metrics_say() -> None:
    assert report.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("data", "model", "in_fp32"),
    [
        ("flickr8k dev", "app without re-ranking", "app without re-ranking, in fp32"),
        ("flickr8k dev", "app (int8 ONNX, beam 4, re-ranked)", "app in fp32, re-ranked"),
        # Without the vote of the re-ranking, 175 photos say nothing about half a point.
        ("coco dev", "app (int8 ONNX, beam 4, re-ranked)", "app in fp32, re-ranked"),
    ],
)
def test_int8_costs_at_most_half_a_point_of_cider(data: str, model: str, in_fp32: str) -> None:
    rows = json.loads((report.ROOT / "models/captioning/metrics.json").read_text(encoding="utf-8"))["rows"]
    cider = {row["model"]: row["CIDEr"] for row in rows if row["data"] == data}
    assert cider[model] >= cider[in_fp32] - 0.5


def test_people_are_counted_where_references_agree() -> None:
    references = {
        "agreed": ["a woman runs", "a lady runs", "a girl runs", "someone runs", "a runner"],
        "disputed": ["a woman runs", "a man runs", "a lady runs", "a girl runs", "a runner"],
        "boys": ["a boy runs", "two boys run", "a boy plays", "a kid runs", "children run"],
    }
    captions = {"agreed": "a man runs", "disputed": "a man runs", "boys": "a boy runs"}
    found = people(captions, references)
    assert (found["female photos"], found["called male"]) == (1, 1)
    assert (found["male photos"], found["called female"]) == (1, 0)
    assert (found["child photos"], found["called adult"]) == (1, 0)
