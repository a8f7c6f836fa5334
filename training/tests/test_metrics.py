"""The reward against the published scorer, and the measures of how captions end."""

import random

import pytest
from pycocoevalcap.cider.cider import Cider

from training.captioning.vocabulary import END
from training.metrics.captions import diversity, score
from training.metrics.cider import CiderD

WORDS = list(range(3, 30))


def _corpus(seed: int) -> tuple[list[list[list[int]]], list[list[int]]]:
    generator = random.Random(seed)

    def caption() -> list[int]:
        return [generator.choice(WORDS) for _ in range(generator.randint(2, 12))]

    references = [[caption() for _ in range(5)] for _ in range(30)]
    # Candidates near a reference, so that long n-grams match too.
    candidates = [[w if generator.random() < 0.8 else 3 for w in photo[0]] for photo in references]
    return references, candidates


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_reward_is_the_published_scorers_cider(seed: int) -> None:
    references, candidates = _corpus(seed)

    def text(tokens: list[int]) -> str:
        return " ".join(f"w{token}" for token in tokens)

    _, expected = Cider().compute_score(
        {i: [text(r) for r in photo] for i, photo in enumerate(references)},
        {i: [text(c)] for i, c in enumerate(candidates)},
    )
    reward = CiderD(references)
    found = [reward.score(i, c) for i, c in enumerate(candidates)]
    assert found == pytest.approx(list(expected), abs=1e-9)


def test_reward_prefers_a_caption_that_ends() -> None:
    reference = [5, 6, 7, 8, END]
    reward = CiderD([[reference] * 5, [[9, 10, END]] * 5])
    assert reward.score(0, reference) == pytest.approx(10)
    assert reward.score(0, [5, 6, 7, 8]) < reward.score(0, reference)
    assert reward.score(0, [5, 6, 7, 8, 5]) < reward.score(0, [5, 6, 7, 8, END])


def test_agreement_finds_the_candidate_that_the_others_resemble() -> None:
    references, _ = _corpus(4)
    reward = CiderD(references)
    candidates = [[5, 6, 7, 8, END], [20, 21, END]]
    samples = [[5, 6, 7, 9, END], [5, 6, 7, 8, END], [11, 12, END]]
    scores = reward.agreement(candidates, samples)
    assert scores[0] > scores[1]
    alone = reward.agreement(candidates[:1], [candidates[0]])
    assert alone == [pytest.approx(10)]


def test_scores_of_a_perfect_answer() -> None:
    references = {"a": ["a red circle on grey"] * 5, "b": ["two dogs run in the snow"] * 5}
    found = score({key: texts[0] for key, texts in references.items()}, references)
    assert found["BLEU-4"] == pytest.approx(100, abs=0.01)
    assert found["ROUGE-L"] == pytest.approx(100)
    assert found["METEOR"] == pytest.approx(100)
    with pytest.raises(ValueError, match="must be the same"):
        score({"a": "x"}, references)


def test_diversity_counts_captions_that_stop_in_mid_phrase() -> None:
    found = diversity(["a dog on the", "a dog runs", "a dog runs", "a man in a"])
    assert found["distinct captions"] == 3
    assert found["ends in mid-phrase"] == 50
    assert found["words used"] == 7
