"""Yes/no questions about the presence of objects, in the manner of POPE (Li et al. 2023), from captions alone.

Nobody has listed what a photo holds. That an object is absent is read from the silence of all its captions, which only
means something where people who see the object nearly always name it: other objects are not asked about.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from training.data.questions import GeneratedQuestion, words
from training.data.questions.clauses import NounPhrase

# How likely it may be that all captions of a photo are silent about an object that they could have named.
SILENCE = 0.08
# A word that brings the object along in this share of the photos, and twice as often as others do, rules out its negative
# ("leash": "dog").
IMPLIED = 0.2
# Where the object is mentioned together with a word in this share of the photos, its negative is a hard one.
NEAR = 0.04
# Photos of a data set that must show an object before it is asked about.
FEWEST = 3

_TEMPLATES = (
    ("is there {} in the photo?", "are there any {} in the photo?"),
    ("is there {} in the picture?", "are there any {} in the picture?"),
    ("is there {}?", "are there any {}?"),
    ("do you see {}?", "do you see any {}?"),
)


@dataclass
class PhotoWords:
    """What the captions of one photo say."""

    id: str
    captions: int = 0
    mentions: Counter[str] = field(default_factory=Counter)  # captions that name a thing, by its noun in the singular
    said: set[str] = field(default_factory=set)  # every word, also in its base form, and also where it names nothing

    def add(self, text: Sequence[str], nouns: Iterable[NounPhrase]) -> None:
        """Take in one caption: its words and its noun phrases."""
        self.captions += 1
        for word in text:
            base = words.singular(word)
            self.said |= {word, base, words.infinitive(word), words.SYNONYMS.get(base, base)}
        if words.NEGATIONS & set(text):
            return
        named = {n.lemma for n in nouns if n.is_sound and not n.is_odd and n.lemma.isalpha()}
        self.mentions.update(noun for noun in named if words.is_thing(noun) or words.is_person(noun))


class Statistics:
    """What captions say about their own words."""

    def __init__(self, photos: Sequence[PhotoWords]) -> None:
        again: Counter[str] = Counter()
        chances: Counter[str] = Counter()
        self.photos = len(photos)
        self.shown: Counter[str] = Counter()  # photos whose captions mention a noun
        self.seen: Counter[str] = Counter()  # photos whose captions say a word
        self.together: dict[str, Counter[str]] = defaultdict(Counter)  # of those, photos that mention a noun
        for photo in photos:
            for noun, count in photo.mentions.items():
                again[noun] += count * (count - 1)
                chances[noun] += count * (photo.captions - 1)
            self.shown.update(photo.mentions.keys())
            for word in photo.said:
                self.seen[word] += 1
                self.together[word].update(photo.mentions.keys())
        # How likely a caption names an object that another caption of the photo names.
        self.rate = {noun: again[noun] / total for noun, total in chances.items() if total}

    def implied(self, word: str, noun: str) -> float:
        """The share of the photos with `word` in their captions that mention `noun`."""
        return self.together[word][noun] / self.seen[word] if self.seen[word] >= 3 else 0.0

    def ruled_out(self, noun: str) -> frozenset[str]:
        """The words that leave it open whether a photo shows the object: its synonyms, hypernyms, hyponyms, and words
        that bring it along."""
        often = max(IMPLIED, 2 * self.shown[noun] / self.photos)
        return frozenset(word for word in self.seen if related(noun, word) or self.implied(word, noun) >= often)


def related(noun: str, word: str) -> bool:
    """Whether two words are the same, synonyms, or one a hypernym of the other in WordNet; all people are related."""
    if words.is_person(noun) and (words.is_person(word) or word in words.PERSONAL):
        return True
    return noun == word or any(
        a in words.ancestors(b) or b in words.ancestors(a) for a in words.meanings(noun) for b in words.meanings(word)
    )


def ask(
    photos: Sequence[PhotoWords], statistics: Statistics, enrol: Callable[[str], bool], generator: random.Random
) -> list[GeneratedQuestion]:
    """Questions on the photos of one data set, with as many yes as no for each object.

    Yes needs two captions that name the object. No needs all captions silent about it and whatever is related to it;
    half of the photos for no are chosen among those on which the object could be expected (POPE's adversarial negatives).
    """
    positives: dict[str, list[PhotoWords]] = defaultdict(list)
    for photo in photos:
        for noun, count in photo.mentions.items():
            if count >= 2:
                positives[noun].append(photo)
    asked: Counter[str] = Counter()  # questions by photo, to spread them
    found: list[GeneratedQuestion] = []
    for noun in sorted(positives):
        rate = statistics.rate.get(noun, 0.0)
        if len(positives[noun]) < FEWEST or noun in words.UNASKED:
            continue
        ruled_out = statistics.ruled_out(noun)
        near = {w for w in statistics.seen if statistics.implied(w, noun) >= NEAR and words.is_thing(w)}
        silent = [p for p in photos if (1 - rate) ** p.captions <= SILENCE and not p.said & ruled_out]
        yes = [p for p in generator.sample(positives[noun], len(positives[noun])) if enrol(noun)]
        wanted = min(len(yes), len(silent))

        def order(photo: PhotoWords) -> tuple[int, float]:
            return asked[photo.id], generator.random()

        hard = sorted((p for p in silent if p.said & near), key=order)[: wanted // 2]
        taken = {p.id for p in hard}
        no = hard + sorted((p for p in silent if p.id not in taken), key=order)[: wanted - len(hard)]
        # The same wordings for both, so that none of them gives the answer away.
        wordings = [_question(noun, generator) for _ in range(wanted)]
        for answer, chosen in (("yes", yes[:wanted]), ("no", no)):
            for photo, question in zip(chosen, wordings, strict=True):
                asked[photo.id] += 1
                found.append(GeneratedQuestion(photo.id, question, answer, "yes/no"))
    return found


def _question(noun: str, generator: random.Random) -> str:
    single, several = generator.choice(_TEMPLATES)
    if noun in words.MASS:
        return single.format(f"any {noun}")
    if words.is_plural_only(noun) or (noun not in words.PLACES and generator.random() < 0.25):
        return several.format(words.plural(noun))
    name = generator.choice(words.NAMES.get(noun, (noun,)))
    return single.format(f"{words.article(name)} {name}")
