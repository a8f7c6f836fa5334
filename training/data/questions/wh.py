"""Questions with one-word answers: the clause turned around so that the answer's place is asked for (wh-movement)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.data.questions import words
from training.data.questions.clauses import Clause, NounPhrase, Phrase
from training.data.tokenizer import detokenize


@dataclass(frozen=True)
class Asked:
    """A question with its answer; `about` is the noun phrase that was asked for or counted."""

    question: str
    answer: str
    kind: str
    about: NounPhrase


# Verbs whose object is not what one would name: "takes a picture", "has a hat".
_NO_OBJECTS = frozenset(
    """take make have do give get perform attempt enjoy become begin start try appear seem look let put show include
    contain feature need want use be go come keep help watch face do join practice compete run win reach stop cover
    surround fill line""".split()
)
_NO_WHERES = frozenset(
    """wear dress cover surround look have fill decorate appear seem participate engage top face watch view see
    approach photograph observe stare gaze point wave""".split()
)
# "what is the dog jumping over": prepositions that may stay behind.
_PERCH = frozenset("sit stand lie ride lean sleep rest perch balance walk slide skateboard skate climb kneel".split())
_CROSS = frozenset("run walk swim ride jump leap drive wade splash fly dive go climb bound crawl trot".split())
_STRANDED = {
    "on": _PERCH,
    "on top of": _PERCH,
    "over": _CROSS,
    "through": _CROSS,
    "under": _PERCH | _CROSS,
    "into": _CROSS,
    "behind": _PERCH,
    "beside": _PERCH,
    "near": _PERCH | {"park"},
    "next to": _PERCH | {"park"},
    "in front of": _PERCH | {"park"},
    "against": frozenset(("lean",)),
    "with": frozenset("play pose cover".split()),
    "at": frozenset("look stare bark point".split()),
    "from": frozenset("drink eat hang jump".split()),
}
_LOCATIVE = frozenset(
    ("on", "under", "behind", "beside", "near", "next to", "in front of", "on top of", "inside", "in")
)
_WHERE = frozenset("in on at inside".split())
_NUMBERLESS = frozenset("hand arm leg foot eye way time side wheel day end o'clock".split())


def ask(clause: Clause) -> Iterator[Asked]:
    """All questions of one clause but those of colour."""
    yield from _object(clause)
    yield from _stranded(clause)
    yield from _subject(clause)
    yield from _number(clause)
    yield from _location(clause)


def sentence(*parts: Sequence[str]) -> str:
    """Join words into a question."""
    return detokenize([word for part in parts for word in part]) + "?"


def _be(clause: Clause) -> tuple[str, ...]:
    return (clause.be or ("are" if clause.plural else "is"),)


def _subject_words(clause: Clause, modifiers: bool = True) -> tuple[str, ...] | None:
    """The definite subject, or nothing where it is nobody that could be asked about."""
    if any(noun.head in words.NOBODY | words.PICTURES for noun in clause.subject):
        return None
    said: tuple[str, ...] = ()
    for noun in clause.subject:
        said += (*(("and",) if said else ()), *noun.definite())
    if modifiers:
        said += tuple(word for phrase in clause.modifiers for word in phrase.words)
        said += clause.relative
    return said if len(said) <= 10 and not words.LOOSE & set(said) else None


def _front(clause: Clause, modifiers: bool = True) -> tuple[str, ...] | None:
    """The auxiliary, the subject and the verb: "is the man riding", "does the man ride"."""
    subject = _subject_words(clause, modifiers)
    if subject is None:
        return None
    if clause.form == "finite":
        auxiliary = "do" if clause.plural else "does"
        return (auxiliary, *subject, words.infinitive(clause.verb))
    return (*_be(clause), *subject, *((clause.verb,) if clause.verb else ()))


def _is_answer(noun: NounPhrase) -> bool:
    return (
        not noun.complement and not noun.owned and noun.is_sound and words.is_thing(noun.lemma) and noun.head.isalpha()
    )


def _place(phrases: Sequence[Phrase]) -> tuple[str, ...]:
    """The first phrase if it says where, else nothing: other phrases may belong to the object that is asked for."""
    if phrases and phrases[0].noun.lemma in words.PLACES and not phrases[0].noun.complement:
        return phrases[0].words
    return ()


def _asked(noun: NounPhrase, *parts: Sequence[str]) -> Asked:
    return Asked(sentence(*parts), noun.head, "object", noun)


def _object(clause: Clause) -> Iterator[Asked]:
    thing = clause.object
    if thing is None or clause.joined or not _is_answer(thing) or clause.form == "passive":
        return
    if words.infinitive(clause.verb) in _NO_OBJECTS or (clause.phrases and clause.phrases[0].preposition == "of"):
        return
    front = _front(clause)
    if front:
        yield _asked(thing, ("what",), front, clause.particle, _place(clause.phrases))


def _stranded(clause: Clause) -> Iterator[Asked]:
    if clause.object or not clause.phrases or not clause.verb:
        return
    preposition, noun = clause.phrases[0].preposition, clause.phrases[0].noun
    verb = words.infinitive(clause.verb)
    if verb not in _STRANDED.get(preposition, ()) or not _is_answer(noun):
        return
    front = _front(clause)
    if front:
        yield _asked(noun, ("what",), front, clause.particle, preposition.split())


def _rest(clause: Clause) -> tuple[str, ...]:
    thing = clause.object.words if clause.object else ()
    return (*clause.particle, *thing, *(word for phrase in clause.phrases for word in phrase.words))


def _subject(clause: Clause) -> Iterator[Asked]:
    noun = clause.subject[0]
    rest = _rest(clause)
    if len(clause.subject) > 1 or not _is_answer(noun) or not clause.whole or clause.joined or words.LOOSE & set(rest):
        return
    be = ("are" if noun.plural else "is",)
    if clause.form == "locative":
        phrase = (clause.phrases or clause.modifiers)[0]
        if phrase.preposition in _LOCATIVE and not phrase.noun.complement and words.is_thing(phrase.noun.lemma):
            yield _asked(noun, ("what",), be, phrase.words)
    elif len(rest) >= 2 and clause.form in ("progressive", "passive"):
        yield _asked(noun, ("what",), be, (clause.verb,), rest)
    elif len(rest) >= 2 and not noun.plural:
        yield _asked(noun, ("what", clause.verb), rest)


def _count(noun: NounPhrase) -> tuple[tuple[str, ...], str] | None:
    """The noun without its number, and the number: "the two brown dogs" → ("brown", "dogs"), "two"."""
    letters = noun.letters.lstrip("D")
    start = len(noun.letters) - len(letters)
    number = words.NUMBERS.get(noun.tokens[start].word)
    if not number or not noun.plural or start > 1 or "M" in letters[1:] or noun.owned or noun.lemma in _NUMBERLESS:
        return None
    if start and noun.tokens[0].word not in ("the", "these", "all"):
        return None
    return (*(token.word for token in noun.tokens[start + 1 :] if token.letter != ","), *noun.complement), number


def number(noun: NounPhrase) -> str | None:
    """How many the phrase says there are, "one" for a singular, or nothing where it does not say."""
    if noun.plural:
        counted = _count(noun)
        return counted[1] if counted else None
    said = {token.word for token in noun.tokens}
    return None if said & words.OTHERS or noun.tokens[0].word in words.GROUPS else "one"


def _number(clause: Clause) -> Iterator[Asked]:
    counted = _count(clause.subject[0])
    rest = _rest(clause)
    if len(clause.subject) == 1 and counted and clause.whole and not words.LOOSE & set(rest):
        noun, number = counted
        said = tuple(word for phrase in clause.modifiers for word in phrase.words)
        if clause.form == "locative":
            where = clause.phrases or clause.modifiers
            said = said if clause.phrases else ()
            rest = tuple(word for phrase in where for word in phrase.words)
        verb = (
            (clause.verb,)
            if clause.form == "finite"
            else (clause.be or "are", *((clause.verb,) if clause.verb else ()))
        )
        yield Asked(sentence(("how", "many"), noun, said, verb, rest), number, "number", clause.subject[0])
    counted = _count(clause.object) if clause.object else None
    if counted and not clause.joined and clause.form != "passive":
        front = _front(clause)
        if front:
            question = sentence(("how", "many"), counted[0], front, clause.particle, _place(clause.phrases))
            yield Asked(question, counted[1], "number", clause.object)


def _location(clause: Clause) -> Iterator[Asked]:
    if words.infinitive(clause.verb) in _NO_WHERES or (clause.object and clause.joined):
        return
    phrases = clause.phrases or (clause.modifiers if clause.form == "locative" else ())
    if not phrases or phrases[0].preposition not in _WHERE:
        return
    place = phrases[0].noun
    if place.lemma not in words.PLACES or place.complement or place.owned or not place.is_sound:
        return
    front = _front(clause, modifiers=bool(clause.phrases))
    if clause.form == "locative" and not (
        words.is_thing(clause.subject[0].lemma) or words.is_person(clause.subject[0].lemma)
    ):
        return  # "a view of a street", or a verb taken for a noun
    if front and clause.form == "locative":
        yield Asked(sentence(("where",), front), place.head, "location", place)
    elif front:
        thing = clause.object.words if clause.object else ()
        if not words.LOOSE & set(thing):
            yield Asked(sentence(("where",), front, clause.particle, thing), place.head, "location", place)


def color(noun: NounPhrase) -> tuple[tuple[str, ...], str] | None:
    """The noun of a phrase with one colour, and the colour: "a dark blue wool hat" → ("wool", "hat"), "blue"."""
    letters = noun.letters
    if (
        letters[-1] not in "NS"
        or letters.count("K") != 1
        or words.is_person(noun.lemma)
        or not words.has_color(noun.lemma)
        or not noun.is_sound
    ):
        return None
    tokens = noun.tokens[letters.index("K") :]
    if {token.word for token in tokens} & words.PATTERNS or "H" in letters[letters.index("K") :] or "C" in letters:
        return None
    if words.is_compound(tokens[0].word, tokens[1].word):
        return None  # "a black bear", "green tea": not a colour but a kind
    return tuple(token.word for token in tokens[1:] if token.letter != ","), tokens[0].word
