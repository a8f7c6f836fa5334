"""The thinning of frequent answers."""

import math
import random
from collections import Counter


class Enrolment:
    """The thinning of COCO-QA (Ren et al. 2015, supplement): an answer that has been enrolled `count` times is enrolled
    again with probability 1 up to K, and exp(-(count - K) / K2) from there."""

    def __init__(self, generator: random.Random, k: float = 100, k2: float = 200) -> None:
        self.generator = generator
        self.k = k
        self.k2 = k2
        self.counts: Counter[str] = Counter()

    def __call__(self, answer: str) -> bool:
        """Whether to enrol one more question with this answer."""
        over = self.counts[answer] - self.k
        if over > 0 and self.generator.random() >= math.exp(-over / self.k2):
            return False
        self.counts[answer] += 1
        return True
