"""English–Russian sentence pairs from Tatoeba: `english TAB russian`, one pair a line.

A sentence may have several translations, and several sentences may share one. Pairs that have a sentence in common belong to
one group, and a group is either for training or for dev: what is asked on dev stood in no pair that trained.
"""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_DEV = 16  # one group of so many is kept for dev: about a thousand


@dataclass(frozen=True)
class SentencePair:
    """A sentence and one of its translations."""

    english: str
    russian: str


def load(path: Path, split: str) -> list[SentencePair]:
    """The pairs of a split, "train" or "dev", in the order of the file.

    Raises:
        ValueError: the file is not in that format.
    """
    pairs = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = [" ".join(part.split()) for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):
            raise ValueError(f"line {at} of {path.name} is not `english TAB russian`: give eng-rus.tsv of Tatoeba")
        pairs.append(SentencePair(*parts))
    return [pair for group in groups(pairs) if (_is_dev(group)) == (split == "dev") for pair in group]


def groups(pairs: list[SentencePair]) -> list[list[SentencePair]]:
    """The pairs in groups that are connected by sentences, which count as the same where only case, punctuation or ё differ."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for pair in pairs:
        parent[root(f"en {_key(pair.english)}")] = root(f"ru {_key(pair.russian)}")
    found: dict[str, list[SentencePair]] = defaultdict(list)
    for pair in pairs:
        found[root(f"en {_key(pair.english)}")].append(pair)
    return list(found.values())


def _key(sentence: str) -> str:
    # A sentence of marks only is its own key.
    return " ".join(re.findall(r"\w+", sentence.lower().replace("ё", "е"))) or sentence


def _is_dev(group: list[SentencePair]) -> bool:
    """By a hash of the group's first sentence in the alphabet, so that the order of the file does not matter."""
    first = min(_key(pair.english) for pair in group)
    return int.from_bytes(hashlib.sha256(first.encode()).digest()[:4], "big") % _DEV == 0
