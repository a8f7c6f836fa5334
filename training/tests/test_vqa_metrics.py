"""Scores of answers against values computed by hand."""

from pathlib import Path

import numpy as np
import pytest

from training.data.visual_questions import VisualQuestion
from training.metrics import wordnet
from training.metrics.vqa import (
    best_temperature,
    calibration_error,
    correctness,
    is_scored,
    people,
    score,
    vote_accuracy,
    vqa_accuracy,
)
from training.metrics.wordnet import similarity, wups


def question(data_set: str, *answers: str, kind: str = "other") -> VisualQuestion:
    return VisualQuestion(data_set, "coco/1", Path("1.jpg"), "what is it", answers, kind)


@pytest.mark.parametrize(("matching", "expected"), [(0, 0), (1, 0.3), (2, 0.6), (3, 0.9), (4, 1), (10, 1)])
def test_vqa_accuracy_averages_over_sets_of_nine(matching: int, expected: float) -> None:
    assert vote_accuracy(matching, 10) == pytest.approx(expected)
    answers = ["cat"] * matching + [f"other {n}" for n in range(10 - matching)]
    left_out = [answers[:i] + answers[i + 1 :] for i in range(10)]
    assert vote_accuracy(matching, 10) == pytest.approx(sum(min(a.count("cat") / 3, 1) for a in left_out) / 10)
    assert vqa_accuracy("The cat.", answers) == pytest.approx(expected)


def test_vqa_accuracy_normalizes_both_sides() -> None:
    assert vqa_accuracy("2", ["two"] * 3 + ["Two."] + ["3"] * 6) == 1
    assert vqa_accuracy("gray", ["grey"] * 10) == 0  # spellings are merged in training, not in the official formula


def test_correctness_by_data_set() -> None:
    assert correctness(question("coco-qa", "two"), "2") == 1
    assert correctness(question("daquar", "garbage_bin"), "garbage bin") == 1
    assert correctness(question("daquar", "book", "lamp"), "book") == 0
    assert correctness(question("vqa-v2", "cat", *["dog"] * 9), "cat") == pytest.approx(0.3)


def test_similarity_is_wu_palmers() -> None:
    assert similarity("dog", "cat") == pytest.approx(2 * 12 / (14 + 14))  # depths from WordNet 3.0: carnivore, dog, cat
    assert similarity("books", "book") == 1
    assert similarity("garbage bin", "table") == 0  # not in WordNet
    assert similarity("garbage bin", "garbage bin") == 1


def test_wups_of_sets() -> None:
    near = similarity("dog", "cat")
    assert wups(["dog"], ["cat"], 0.9) == pytest.approx(0.1 * near)
    assert wups(["dog"], ["cat"], 0.0) == pytest.approx(near)
    assert wups(["dog"], ["dog", "cat"], 0.0) == pytest.approx(near)
    assert wups(["dog", "cat"], ["cat", "dog"], 0.9) == 1


def test_wordnet_says_what_to_install(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WNSEARCHDIR", str(tmp_path))
    monkeypatch.setattr(wordnet, "dictionary", wordnet.dictionary.__wrapped__)
    with pytest.raises(ValueError, match="apt-get install wordnet-base"):
        similarity.__wrapped__("dog", "cat")


def test_calibration_error_weighs_bins_by_their_size() -> None:
    confidences, correct = np.array([0.95, 0.95, 0.35, 1.0]), np.array([1.0, 0.0, 1.0, 1.0])
    # The last bin has 2.9 of confidence and 2 right, the sixth 0.35 and 1.
    assert calibration_error(confidences, correct) == pytest.approx((0.9 + 0.65) / 4)


def test_temperature_makes_confidences_what_they_say() -> None:
    generator = np.random.default_rng(1)
    true = generator.normal(size=(4000, 5)) * 2
    probabilities = np.exp(true) / np.exp(true).sum(1, keepdims=True)
    chosen = np.array([generator.choice(5, p=p) for p in probabilities])
    correct = (chosen == true.argmax(1)).astype(float)
    assert best_temperature([3 * true[:2000], 3 * true[2000:]], [correct[:2000], correct[2000:]]) == pytest.approx(
        3, rel=0.1
    )


def test_score_by_kind_and_calibration() -> None:
    questions = [
        question("coco-qa", "dog", kind="object"),
        question("coco-qa", "cat", kind="object"),
        question("coco-qa", "two", kind="number"),
    ]
    found = score(questions, ["dog", "dog", "2"], [1.0, 1.0, 1.0])
    near = similarity("dog", "cat")
    assert found == pytest.approx(
        {
            "accuracy": 200 / 3,
            "object": 50,
            "number": 100,
            "WUPS 0.9": 100 * (2 + 0.1 * near) / 3,
            "WUPS 0.0": 100 * (2 + near) / 3,
            "calibration error": 100 / 3,
        }
    )
    assert not is_scored(question("daquar", "book", "lamp"))
    with pytest.raises(ValueError, match="leave it out"):
        score([question("daquar", "book", "lamp")], ["book"])


def test_presence_questions_count_as_pope_does() -> None:
    truths, answers = ["yes", "yes", "yes", "no", "no"], ["yes", "no", "yes", "yes", "no"]
    questions = [question("generated", truth, kind="yes/no") for truth in truths]
    found = score(questions, answers)
    assert found["accuracy"] == pytest.approx(60)
    assert found["yes precision"] == found["yes recall"] == found["yes F1"] == pytest.approx(200 / 3)
    assert found["said yes"] == pytest.approx(60)


def test_people_called_something_else_are_counted() -> None:
    asked = [("woman", "man"), ("girl", "boy"), ("girl", "woman"), ("man", "dog"), ("two", "man"), ("boy", "boy")]
    found = people([question("coco-qa", truth) for truth, _ in asked], [answer for _, answer in asked])
    assert found == {
        "female answers": 3,
        "called male": 2,
        "male answers": 2,
        "called female": 0,
        "child answers": 3,
        "called adult": 1,
        "adult answers": 2,
        "called child": 0,
    }
