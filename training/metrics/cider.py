"""CIDEr-D (Vedantam et al. 2015, section 4) as a reward: the published formula over cached references.

`pycocoevalcap`'s scorer takes the document frequencies from the very references it scores; a reward needs them fixed,
from the training references, and needs to be quick. `tests/test_metrics.py` holds the two against each other.
"""

import math
from collections import Counter
from collections.abc import Sequence

Ngrams = Counter[tuple[int, ...]]

_LONGEST = 4
_SIGMA = 6.0


def ngrams(tokens: Sequence[int]) -> Ngrams:
    """Counts of all 1- to 4-grams."""
    return Counter(tuple(tokens[i : i + n]) for n in range(1, _LONGEST + 1) for i in range(len(tokens) - n + 1))


def document_frequencies(references: Sequence[Sequence[Sequence[int]]]) -> Ngrams:
    """In how many photos' references each n-gram is. References are token ids, by photo."""
    frequency: Ngrams = Counter()
    for photo in references:
        frequency.update({ngram for reference in photo for ngram in ngrams(reference)})
    return frequency


class CiderD:
    """Scores token sequences against a photo's references, by the photo's index.

    Sequences are given with the end token, so that a caption that stops in mid-phrase is worse than one that ends.
    """

    def __init__(self, references: Sequence[Sequence[Sequence[int]]]):
        """
        Args:
            references: for each photo its reference captions as token ids, end token included.
        """
        self._frequency = document_frequencies(references)
        self._log_photos = math.log(max(2, len(references)))
        self._references = [
            [(self._vector(ngrams(reference)), len(reference)) for reference in photo] for photo in references
        ]

    def _vector(self, counts: Ngrams) -> tuple[dict[tuple[int, ...], float], list[float]]:
        vector, norms = {}, [0.0] * _LONGEST
        for ngram, count in counts.items():
            weight = count * (self._log_photos - math.log(max(1, self._frequency[ngram])))
            vector[ngram] = weight
            norms[len(ngram) - 1] += weight * weight
        return vector, [math.sqrt(norm) for norm in norms]

    def score(self, photo: int, candidate: Sequence[int]) -> float:
        """CIDEr-D of a candidate against the references of a photo; 10 is a perfect match."""
        references = self._references[photo]
        vector, norms = self._vector(ngrams(candidate))
        return sum(self._similarity(vector, norms, len(candidate), *r) for r in references) / len(references)

    def agreement(self, candidates: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> list[float]:
        """Mean CIDEr-D of each candidate with `others` as its references (consensus, minimum Bayes risk)."""
        known = [(self._vector(ngrams(other)), len(other)) for other in others]
        scores = []
        for candidate in candidates:
            vector, norms = self._vector(ngrams(candidate))
            scores.append(sum(self._similarity(vector, norms, len(candidate), *o) for o in known) / len(known))
        return scores

    @staticmethod
    def _similarity(vector, norms, length, reference, reference_length) -> float:
        other, other_norms = reference
        dots = [0.0] * _LONGEST
        for ngram, weight in vector.items():
            if ngram in other:
                dots[len(ngram) - 1] += min(weight, other[ngram]) * other[ngram]
        cosine = (
            sum(dot / (a * b) for dot, a, b in zip(dots, norms, other_norms, strict=True) if a > 0 and b > 0) / _LONGEST
        )
        return 10 * cosine * math.exp(-((length - reference_length) ** 2) / (2 * _SIGMA**2))
