"""Scores of answers to questions on photos: accuracy as each data set counts it, WUPS, and calibration."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from training.data.answers import canonical, normalize
from training.data.visual_questions import VisualQuestion
from training.metrics.people import GROUPS, OPPOSITES, is_mistaken
from training.metrics.wordnet import wups

_BINS = 15


def vote_accuracy(matching: int, annotators: int) -> float:
    """VQA accuracy of an answer that `matching` of the annotators gave: min(n / 3, 1), averaged over all sets of
    annotators less one (Antol et al. 2015, visualqa.org/evaluation)."""
    if annotators == 1:
        return float(matching)
    with_it, without = min(matching / 3, 1.0), min((matching - 1) / 3, 1.0)
    return (matching * without + (annotators - matching) * with_it) / annotators


def vqa_accuracy(answer: str, answers: Sequence[str]) -> float:
    """VQA accuracy of an answer by the answers of the annotators, in 0..1."""
    truths = [normalize(text) for text in answers]
    return vote_accuracy(truths.count(normalize(answer)), len(truths))


def correctness(question: VisualQuestion, answer: str) -> float:
    """How right an answer is, in 0..1: VQA accuracy for VQA v2, else whether it is the answer."""
    if question.data_set == "vqa-v2":
        return vqa_accuracy(answer, question.answers)
    return float([canonical(answer)] == [canonical(text) for text in question.answers])


def calibration_error(confidences: np.ndarray, correct: np.ndarray) -> float:
    """Expected calibration error (Guo et al. 2017, eq. 3) with 15 bins of equal width.

    Args:
        confidences: probability of the top answer of each question.
        correct: how right that answer is, in 0..1.
    """
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    gaps = [abs((confidences - correct)[bins == b].sum()) for b in range(_BINS)]
    return float(sum(gaps) / len(confidences))


def best_temperature(logits: Sequence[np.ndarray], correct: Sequence[np.ndarray]) -> float:
    """The temperature at which the probability of the top answer forecasts best (in log loss) how right it is.

    The likelihood of the truth, which Guo et al. 2017 maximise, would calibrate the share of annotators that gave an
    answer, and VQA accuracy counts an answer of three in ten as right.

    Args:
        logits: for each data set [questions, answers]; all data sets weigh the same.
        correct: for each data set [questions], how right the top answers are.
    """
    gaps = [group - group.max(1, keepdims=True) for group in logits]

    def loss(temperature: float) -> float:
        total = 0.0
        for gap, right in zip(gaps, correct, strict=True):
            top = np.clip(1 / np.exp(gap / temperature).sum(1), 1e-6, 1 - 1e-6)
            total -= float((right * np.log(top) + (1 - right) * np.log(1 - top)).mean())
        return total

    coarse = min(np.geomspace(0.25, 4, 17), key=loss)
    return float(min(np.geomspace(coarse / 1.2, coarse * 1.2, 25), key=loss))


def is_scored(question: VisualQuestion) -> bool:
    """Whether a question counts: of DAQUAR those whose answer is one thing, which is "DAQUAR, single word"."""
    return question.data_set == "vqa-v2" or len(question.answers) == 1


def score(
    questions: Sequence[VisualQuestion],
    answers: Sequence[str],
    confidences: Sequence[float] | None = None,
    with_wups: bool = True,
) -> dict[str, float]:
    """Scores of one data set, all ×100: accuracy, that of each kind of question, WUPS where it has one truth, the
    expected calibration error where confidences are given, and for yes/no questions what POPE counts.

    Raises:
        ValueError: a question is none that counts, or WordNet is missing.
    """
    if not all(is_scored(question) for question in questions):
        raise ValueError("a question with several answers is no single-word question: leave it out")
    correct = np.array([correctness(question, answer) for question, answer in zip(questions, answers, strict=True)])
    scores = {"accuracy": float(correct.mean())}
    by_kind: dict[str, list[float]] = defaultdict(list)
    for question, right in zip(questions, correct.tolist(), strict=True):
        by_kind[question.kind].append(right)
    if len(by_kind) > 1:
        scores |= {kind: sum(values) / len(values) for kind, values in sorted(by_kind.items())}
    if with_wups and questions[0].data_set in ("coco-qa", "daquar"):
        pairs = [(canonical(answer), canonical(q.answers[0])) for q, answer in zip(questions, answers, strict=True)]
        for threshold in (0.9, 0.0):
            scores[f"WUPS {threshold}"] = sum(wups([a], [t], threshold) for a, t in pairs) / len(pairs)
    if confidences is not None:
        scores["calibration error"] = calibration_error(np.array(confidences), correct)
    if questions[0].data_set == "generated":
        scores |= presence(questions, answers)
    return {name: 100 * value for name, value in scores.items()}


def presence(questions: Sequence[VisualQuestion], answers: Sequence[str]) -> dict[str, float]:
    """What POPE (Li et al. 2023) counts on yes/no questions: precision, recall and F1 of "yes", and its share."""
    pairs = [
        (canonical(q.answers[0]), canonical(a)) for q, a in zip(questions, answers, strict=True) if q.kind == "yes/no"
    ]
    if not pairs:
        return {}
    said = sum(answer == "yes" for _, answer in pairs)
    true = sum(truth == "yes" for truth, _ in pairs)
    both = sum(truth == answer == "yes" for truth, answer in pairs)
    precision, recall = both / max(said, 1), both / max(true, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"yes precision": precision, "yes recall": recall, "yes F1": f1, "said yes": said / len(pairs)}


def people(questions: Sequence[VisualQuestion], answers: Sequence[str]) -> dict[str, float]:
    """How often somebody of a gender or age is called the opposite, over the questions whose most frequent answer names one."""
    found: dict[str, float] = {}
    pairs = [
        (set(canonical(Counter(q.answers).most_common(1)[0][0]).split()), set(canonical(answer).split()))
        for q, answer in zip(questions, answers, strict=True)
    ]
    for group, opposite in OPPOSITES:
        asked = [answer for truth, answer in pairs if truth & GROUPS[group] and not truth & GROUPS[opposite]]
        found[f"{group} answers"] = len(asked)
        found[f"called {opposite}"] = sum(is_mistaken(answer, group, opposite) for answer in asked)
    return found
