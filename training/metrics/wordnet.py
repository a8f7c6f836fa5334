"""WUPS (Malinowski and Fritz 2014): how near an answer is to the truth in WordNet. It is for evaluation only.

WordNet 3.0 comes from Debian's package `wordnet-base` (1:3.0-37), or from the folder that `WNSEARCHDIR` names.
"""

import io
import os
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TextIO

from nltk.corpus.reader.wordnet import NOUN, WordNetCorpusReader


class _Dictionary(WordNetCorpusReader):
    """NLTK's reader without the two files that Debian's package leaves out: they name the parts of the dictionary and
    map it to other versions, and similarity needs neither."""

    def open(self, file: str) -> TextIO:
        if file == "lexnames":
            return io.StringIO("".join(f"{n:02d} lexicographer-file-{n} 1\n" for n in range(45)))
        # NLTK's own stream decodes in Python, which takes several times as long.
        return (Path(self.root) / file).open(encoding="ascii")

    def map_wn(self, version: str = "wordnet") -> None:
        """Nothing: there is one version."""


@cache
def dictionary() -> _Dictionary:
    """WordNet itself.

    Raises:
        ValueError: it is not installed.
    """
    folder = Path(os.environ.get("WNSEARCHDIR", "/usr/share/wordnet"))
    if not (folder / "data.noun").exists():
        raise ValueError(f"WordNet is missing in {folder}: apt-get install wordnet-base")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has no other languages, and says so
        return _Dictionary(str(folder), None)


@cache
def similarity(a: str, b: str) -> float:
    """The Wu-Palmer similarity of the nearest meanings of two nouns, 0 where WordNet lacks one of them.

    Raises:
        ValueError: WordNet is not installed.
    """
    if a == b:
        return 1.0
    meanings = [dictionary().synsets(word.replace(" ", "_"), NOUN) for word in (a, b)]
    return max((x.wup_similarity(y) or 0.0 for x in meanings[0] for y in meanings[1]), default=0.0)


def wups(answers: Iterable[str], truths: Iterable[str], threshold: float) -> float:
    """WUPS of one question (Malinowski and Fritz 2014, eq. 2); a similarity below the threshold counts a tenth.

    Args:
        answers, truths: sets of answers, each in its canonical spelling.
    """
    answers, truths = set(answers), set(truths)

    def membership(a: str, b: str) -> float:
        near = similarity(a, b)
        return near if near >= threshold else 0.1 * near

    forth = back = 1.0
    for a in answers:
        forth *= max(membership(a, t) for t in truths)
    for t in truths:
        back *= max(membership(a, t) for a in answers)
    return min(forth, back)
