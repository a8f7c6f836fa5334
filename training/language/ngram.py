"""An n-gram model over characters to compare with: interpolated modified Kneser–Ney smoothing (Chen and Goodman 1999).

Shapes in names: G different n-grams, C different contexts, N characters of a text.
"""

from dataclasses import dataclass

import numpy as np

LONGEST = 9  # characters of an n-gram: one of 128 characters each then is a number of 63 bits
_BITS = 7


@dataclass(frozen=True)
class _Order:
    """The n-grams of one length, and what is known of what stands before their last character."""

    grams_G: np.ndarray  # sorted
    counts_G: np.ndarray
    contexts_C: np.ndarray  # sorted
    total_C: np.ndarray  # counts of all n-grams that begin so
    more_CD: np.ndarray  # how many of these come once, twice, and more often
    discount_D: np.ndarray  # what is taken from the count of an n-gram that comes once, twice, and more often

    @classmethod
    def of(cls, grams_G: np.ndarray, counts_G: np.ndarray) -> "_Order":
        class_G = np.minimum(counts_G, 3) - 1
        ones, twos, threes, fours = (np.count_nonzero(counts_G == count) for count in (1, 2, 3, 4))
        if min(ones, twos, threes) == 0:  # too few to say, as among single characters
            discount_D = np.full(3, 0.5)
        else:
            y = ones / (ones + 2 * twos)
            discount_D = np.array([1 - 2 * y * twos / ones, 2 - 3 * y * threes / twos, 3 - 4 * y * fours / threes])
            discount_D = np.clip(discount_D, 0, [1, 2, 3])
        contexts_C, context_G = np.unique(grams_G >> _BITS, return_inverse=True)
        more_CD = np.zeros((len(contexts_C), 3))
        np.add.at(more_CD, (context_G, class_G), 1)
        total_C = np.bincount(context_G, counts_G)
        return cls(grams_G, counts_G, contexts_C, total_C, more_CD, discount_D)

    def interpolate(self, grams_N: np.ndarray, lower_N: np.ndarray) -> np.ndarray:
        """p of the last character of each n-gram, given that of the next shorter one; that one where the context is new."""
        at_N, known_N = _find(self.contexts_C, grams_N >> _BITS)
        gram_N, seen_N = _find(self.grams_G, grams_N)
        count_N = np.where(seen_N, self.counts_G[gram_N], 0)
        taken_N = np.where(seen_N, self.discount_D[np.clip(count_N, 1, 3) - 1], 0)
        total_N = self.total_C[at_N]
        left_N = self.more_CD[at_N] @ self.discount_D
        return np.where(known_N, (count_N - taken_N + left_N * lower_N) / total_N, lower_N)


def _find(sorted_G: np.ndarray, wanted_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each number stands in a sorted array, and whether it does."""
    at_N = np.minimum(np.searchsorted(sorted_G, wanted_N), len(sorted_G) - 1)
    return at_N, sorted_G[at_N] == wanted_N


def _windows(ids_N: np.ndarray, order: int) -> np.ndarray:
    """All n-grams of a text, in its order, as numbers."""
    codes = np.zeros(len(ids_N) - order + 1, np.int64)
    for place in range(order):
        codes = (codes << _BITS) | ids_N[place : len(ids_N) - order + 1 + place]
    return codes


class NgramModel:
    """p(x_t | the n − 1 characters before it)."""

    def __init__(self, ids_N: np.ndarray, order: int, characters: int):
        """
        Args:
            ids_N: the text that it counts in.
            order: n, 1 to 9.
            characters: how many different ones there are, at most 128.
        """
        if not 1 <= order <= LONGEST or characters > 1 << _BITS:
            raise ValueError(f"choose n from 1 to {LONGEST}, and at most {1 << _BITS} characters")
        self.order = order
        self.characters = characters
        self.orders: list[_Order] = []
        for length in range(1, order + 1):
            if length == order:
                grams_G, counts_G = np.unique(_windows(ids_N, length), return_counts=True)
            else:
                # What counts is before how many different characters a shorter n-gram comes after (Kneser and Ney 1995).
                longer = np.unique(_windows(ids_N, length + 1))
                grams_G, counts_G = np.unique(longer & ((1 << (_BITS * length)) - 1), return_counts=True)
            self.orders.append(_Order.of(grams_G, counts_G))

    @property
    def numbers(self) -> int:
        """How many counts it keeps."""
        return sum(len(order.grams_G) for order in self.orders)

    def surprise(self, ids_N: np.ndarray) -> np.ndarray:
        """−log₂ p of each character but the first; near the start shorter contexts are all there is."""
        p_N = np.full(len(ids_N), 1 / self.characters)
        for length, order in enumerate(self.orders, 1):
            p_N[length - 1 :] = order.interpolate(_windows(ids_N, length), p_N[length - 1 :])
        return -np.log2(p_N[1:])
