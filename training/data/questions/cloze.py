"""Captions with one word asked for in its place: "a man riding what on a wave?".

They teach what the word looks like in its surroundings, as masked captions do (Tan and Bansal 2019, section 3.1.1). Every caption gives
several, also those that no question can be turned out of; COCO-QA has questions of this form, too.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from training.data.captions import CaptionedPhoto
from training.data.questions import GeneratedQuestion, words
from training.data.questions.clauses import NounPhrase, chunk
from training.data.questions.enrolment import Enrolment
from training.data.questions.tagger import Token, tag

# Answers that come up fewer times teach nothing.
RAREST = 8
# There is far more to choose from than among questions that were turned around.
_K = _K2 = 400
# Without two words of context a question asks for anything in the photo.
_SHORTEST = 3


def ask(photos: Sequence[CaptionedPhoto], rebuilt: Sequence[CaptionedPhoto], seed: int) -> list[GeneratedQuestion]:
    """Questions on all photos, frequent answers thinned, in the order of the photos. The same seed gives the same ones.

    Args:
        rebuilt: photos with captions rebuilt from COCO-QA, whose first words are the answers of questions that exist.
    """
    found = dict.fromkeys(
        GeneratedQuestion(photo.id, question, answer, "cloze")
        for group, first in ((photos, 0), (rebuilt, 1))
        for photo in group
        for caption in photo.captions
        for question, answer in _gaps(chunk(tag(caption)), first)
    )
    counts = Counter(question.answer for question in found)
    generator = random.Random(seed)
    enrol = Enrolment(generator, _K, _K2)
    shuffled = generator.sample(list(found), len(found))
    kept = {question for question in shuffled if counts[question.answer] >= RAREST and enrol(question.answer)}
    return [question for question in found if question in kept]


def _gaps(chunks: Sequence[NounPhrase | Token], first: int) -> Iterator[tuple[str, str]]:
    for at in range(first, len(chunks)):
        for gap, answer in _asked(chunks[at]):
            said = [*map(_text, chunks[:at]), gap, *map(_text, chunks[at + 1 :])]
            question = " ".join(part for part in said if part)
            if len(question.split()) >= _SHORTEST:
                yield f"{question}?", answer


def _asked(part: NounPhrase | Token) -> Iterator[tuple[str, str]]:
    """What stands in the place of a noun, a color, a number or an activity, and the word that it asks for."""
    if isinstance(part, Token):
        if part.letter == "G":
            yield "doing what", part.word
        return
    head = part.tokens[-1]
    if head.letter not in "NS" or not head.word.isalpha() or not part.is_sound:
        return
    yield " ".join(("what", *part.complement)), head.word
    for letter, gap in (("K", "what color"), ("M", "how many")):
        asked = [token for token in part.tokens if token.letter == letter]
        if len(asked) == 1 and (letter == "K" or (part.plural and asked[0].word in words.NUMBERS)):
            tokens = (replace(t, word=gap) if t is asked[0] else t for t in part.tokens if t.word not in ("a", "an"))
            yield _text(replace(part, tokens=tuple(tokens))), words.NUMBERS.get(asked[0].word, asked[0].word)


def _text(part: NounPhrase | Token) -> str:
    if isinstance(part, NounPhrase):
        return " ".join(part.words)
    return "" if part.letter == "," else part.word
