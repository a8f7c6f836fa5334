"""What can be answered without a network."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from training.data.visual_questions import VisualQuestion
from training.vqa.vocabulary import answer_scores


def majority(training: Sequence[VisualQuestion], questions: Sequence[VisualQuestion]) -> tuple[list[str], list[float]]:
    """The answer that is most often right to the training questions of the same data set and kind, and how often.

    The kind is told, as in the baseline GUESS of Ren et al. 2015: a stronger baseline than one answer for a data set.
    """
    scores: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    asked: Counter[tuple[str, str]] = Counter()
    for question in training:
        key = (question.data_set, question.kind)
        asked[key] += 1
        for answer, score in answer_scores(question).items():
            scores[key][answer] += score
    answers, confidences = [], []
    for question in questions:
        key = (question.data_set, question.kind)
        best = scores[key].most_common(1) or [("yes", 0.0)]
        answers.append(best[0][0])
        confidences.append(best[0][1] / max(asked[key], 1))
    return answers, confidences
