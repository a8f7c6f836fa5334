"""Noun phrases and clauses of a tagged caption.

Captions are a small language: "a man in a red shirt is riding a horse down the street while two dogs run beside him".
What does not fit it is left out: one sure question is worth more than three doubtful ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from training.data.questions import words
from training.data.questions.tagger import Token

# Determiners, a number, then modifiers: adjectives and colours (also "black and white"), participles, and gerunds
# behind a determiner ("a running dog", "a snow covered hill"); at last the nouns.
_BEFORE = r"D{0,2}M?(?:NE(?=[NS])|[JK],?C?(?=[JK])|R(?=[JE])|[JKM]|(?<![NSO])E(?=[JKNS])|(?<=[DJKM])G(?=[JNS]))*"
_NOUN_PHRASE = re.compile(rf"(?:{_BEFORE}[NS]+H)?{_BEFORE}[NS]+|(?<=P)K(?:CK)?(?![NSJK])")  # the last: "in red"


@dataclass(frozen=True)
class NounPhrase:
    """Determiners, modifiers and a head noun; `complement` holds the words of an "of …" that follows."""

    tokens: tuple[Token, ...]
    complement: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.word for token in self.tokens if token.letter != ",") + self.complement

    @property
    def letters(self) -> str:
        return "".join(token.letter for token in self.tokens)

    @property
    def head(self) -> str:
        return self.tokens[-1].word

    @cached_property
    def lemma(self) -> str:
        """The head in the singular, one word for one thing."""
        return words.SYNONYMS.get(noun := words.singular(self.head) if self.plural else self.head, noun)

    @property
    def plural(self) -> bool:
        return self.letters[-1] == "S"

    @property
    def owned(self) -> bool:
        """Whether it is somebody's, by name: "a man's hat"."""
        return "H" in self.letters

    @cached_property
    def is_sound(self) -> bool:
        """Whether the head says what it is: not so in "hot dog", "toy car" and "ice cream"."""
        before = self.tokens[-2].word if len(self.tokens) > 1 else ""
        return not words.NO_REALS & {t.word for t in self.tokens} and (
            not before or words.is_its_head(before, self.lemma)
        )

    @property
    def is_odd(self) -> bool:
        """Whether determiner and noun disagree, "a dogs": the caption has a slip, or its verb was taken for a noun."""
        return self.plural and self.tokens[0].word in ("a", "an", "another", "this") and "H" not in self.letters

    def definite(self) -> tuple[str, ...]:
        """The words with a definite determiner (Ren et al. 2015): "a dog" → "the dog"."""
        first, *rest = self.tokens
        tail = (*(token.word for token in rest if token.letter != ","), *self.complement)
        if first.letter != "D":
            # "two dogs" and "dogs" become "the two dogs" and "the dogs"; "one dog" was one of many.
            return ("the", *tail) if first.word == "one" and rest else ("the", first.word, *tail)
        if first.word in words.GROUPS:
            return ("the", *first.word.split()[1:], *tail)
        if first.word == "another":
            return ("the", "other", *tail)
        if first.word in words.INDEFINITE or first.word.endswith(" of"):
            return ("the", *tail[1 if tail and tail[0] == "the" else 0 :])
        return (first.word, *tail)


@dataclass(frozen=True)
class Phrase:
    """A preposition and its noun phrase."""

    preposition: str
    noun: NounPhrase

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.preposition.split(), *self.noun.words)


@dataclass(frozen=True)
class Clause:
    """A subject and what it does. `form`: "progressive", "finite", "passive", or "locative" (no verb, a place)."""

    subject: tuple[NounPhrase, ...]  # several where they are joined by "and"
    modifiers: tuple[Phrase, ...]  # "in a red shirt"
    relative: tuple[str, ...]  # "wearing a hat", between the subject and its verb
    form: str
    be: str  # "is", "are", or nothing where the caption leaves it out
    verb: str
    particle: tuple[str, ...]
    object: NounPhrase | None
    joined: bool  # the object is one of several
    phrases: tuple[Phrase, ...]
    whole: bool  # read to its end

    @property
    def is_odd(self) -> bool:
        """Whether a noun phrase, or the subject and its "is", disagree: the caption was not read well."""
        group = self.subject[0].lemma in words.COLLECTIVES or self.subject[0].tokens[0].word in words.GROUPS
        if self.be in ("is", "are") and (self.be == "are") != self.plural and not group:
            return True
        others = (phrase.noun for phrase in self.modifiers + self.phrases)
        return any(noun.is_odd for noun in (*self.subject, *others, self.object) if noun)

    @property
    def plural(self) -> bool:
        first = self.subject[0]
        if len(self.subject) > 1:
            return True
        return first.plural and first.tokens[0].word not in words.GROUPS


def chunk(tokens: Sequence[Token]) -> list[NounPhrase | Token]:
    """Gather the tokens of each noun phrase; "of" and what follows goes into the phrase before it."""
    letters = "".join(token.letter for token in tokens)
    chunks: list[NounPhrase | Token] = []
    end = 0
    for match in _NOUN_PHRASE.finditer(letters):
        chunks += tokens[end : match.start()]
        phrase = NounPhrase(tuple(tokens[match.start() : match.end()]))
        after_of = len(chunks) > 1 and isinstance(chunks[-1], Token) and chunks[-1].word == "of"
        if after_of and isinstance(chunks[-2], NounPhrase):
            whole = chunks[-2]
            chunks[-2:] = [replace(whole, complement=(*whole.complement, "of", *phrase.words))]
        else:
            chunks.append(phrase)
        end = match.end()
    return chunks + list(tokens[end:])


class _Reader:
    """Walks over the chunks of one caption."""

    def __init__(self, chunks: Sequence[NounPhrase | Token]) -> None:
        self.chunks = chunks
        self.at = 0

    def letter(self, ahead: int = 0) -> str:
        """n for a noun phrase, a token's own letter, or "." at the end."""
        position = self.at + ahead
        if position >= len(self.chunks):
            return "."
        chunk = self.chunks[position]
        return "n" if isinstance(chunk, NounPhrase) else chunk.letter

    def take(self) -> NounPhrase | Token:
        self.at += 1
        return self.chunks[self.at - 1]

    def skip(self, letters: str) -> None:
        while self.letter() in letters:
            self.at += 1

    def phrases(self) -> tuple[Phrase, ...]:
        found = []
        while self.letter() in "PT" and self.letter(1) == "n":
            preposition = self.take().word
            noun = self.take()
            if (
                preposition in ("in", "with")
                and self.letter() == "C"
                and self.letter(1) == "n"
                and not words.is_actor(self.chunks[self.at + 1].lemma)
            ):
                self.at += 1
                noun = replace(noun, complement=(*noun.complement, "and", *self.take().words))  # "in jeans and a hat"
            found.append(Phrase(preposition, noun))
        return tuple(found)


def read(chunks: Sequence[NounPhrase | Token]) -> list[Clause]:
    """The clauses of one caption; compound sentences give several, and verbs joined by "and" share their subject."""
    reader = _Reader(chunks)
    found: list[Clause] = []
    if reader.letter() == "X" and reader.letter(1) == "B":
        reader.at = 2  # "there is"
    first = True
    while reader.letter() != ".":
        if reader.letter() != "n":
            reader.at += 1
            continue
        starts = first or reader.letter(-1) == "L" or words.is_actor(reader.chunks[reader.at].lemma)
        clauses = _sentence(reader, first)
        found += clauses if starts else []  # "in a hat and coat | holding a ball": no coat holds one
        first = False
        # On to the next clause: behind "and", "while", or a comma.
        while reader.letter() not in "C,L.":
            reader.at += 1
    return found


def _sentence(reader: _Reader, first: bool) -> list[Clause]:
    subject = [reader.take()]
    while reader.letter() == "C" and reader.letter(1) == "n":
        reader.at += 1
        subject.append(reader.take())
    modifiers = reader.phrases()
    if reader.letter() in ".,CL" and first and modifiers and len(subject) == 1:
        # A caption without a verb: "two dogs on the beach".
        return [Clause((subject[0],), (), (), "locative", "", "", (), None, False, modifiers, True)]
    if reader.letter() == "L" and reader.letter(1) in "BVG":
        reader.at += 1  # "a man who is riding": read as if it were "a man is riding"
    found: list[Clause] = []
    relative: tuple[str, ...] = ()
    while True:
        start = reader.at
        clause = _predicate(reader, tuple(subject), modifiers, relative)
        if clause is None:
            return found
        found.append(clause)
        follows = reader.letter()
        if follows in "BV" and not clause.be and clause.form in ("progressive", "passive") and not relative:
            # "a man wearing a hat | rides": what was read describes the subject.
            relative = tuple(word for part in reader.chunks[start : reader.at] for word in _words(part))
            continue
        if follows in "nBVYAZIHJKDMOE" or clause.is_odd:
            # Not the clause it seemed to be.
            found.pop()
            return found
        if follows == "C" or (follows == "," and reader.letter(1) in "GR"):
            step = 2 if reader.letter(1) == "R" else 1
            verb = reader.letter(step)
            if verb in "VB" or (verb == "G" and clause.form != "finite"):
                reader.at += step
                continue
        return found


def _words(part: NounPhrase | Token) -> tuple[str, ...]:
    return part.words if isinstance(part, NounPhrase) else (part.word,)


def _predicate(
    reader: _Reader, subject: tuple[NounPhrase, ...], modifiers: tuple[Phrase, ...], relative: tuple[str, ...]
) -> Clause | None:
    """Read a verb and what belongs to it, or nothing where there is none that questions can be made of."""
    reader.skip("R")
    be = ""
    if reader.letter() == "B":
        be = reader.take().word
        reader.skip("R")
        if reader.letter() not in "GEP":
            return None
    if reader.letter() == "P" and be and reader.letter(1) == "n":
        form, verb = "locative", ""
    elif reader.letter() in "GEV":
        form = {"G": "progressive", "E": "passive", "V": "finite"}[reader.letter()]
        verb = reader.take().word
    else:
        return None
    if form != "finite" and not be and any(words.is_actor(phrase.noun.lemma) for phrase in modifiers):
        return None  # "a man with a dog running": either may run
    particle: tuple[str, ...] = ()
    adverb = False
    while reader.letter() in "UR":
        token = reader.take()
        adverb = token.letter == "R" and token.word not in words.PARTICLES
        particle += () if adverb else (token.word,)
    if adverb and reader.letter() == "n":
        return None  # "investigates nearby a doorway"
    thing: NounPhrase | None = None
    joined = False
    whole = True
    if verb and reader.letter() == "n":
        thing = reader.take()
        if reader.letter() == "C" and reader.letter(1) == "n" and reader.letter(2) not in "GVBE":
            joined = True
            reader.at += 2
        if reader.letter() == "U":
            particle += (reader.take().word,)
            whole = False  # "holds a flag up": the particle would have to move with its object
    phrases = reader.phrases()
    reader.skip("R")
    if reader.letter() == "G" and phrases and phrases[-1].preposition == "with":
        phrases = phrases[:-1]  # "with waves crashing"
    if reader.letter() in "TPG" or (reader.letter() in ",C" and reader.letter(-1) == "n" and reader.letter(1) == "n"):
        # "trying to catch", "after jumping", "a ball, a bat and": what follows belongs to it and is not read.
        whole = reader.letter() == "G" and bool(phrases or thing) and whole
    return Clause(subject, modifiers, relative, form, be, verb, particle, thing, joined, phrases, whole)
