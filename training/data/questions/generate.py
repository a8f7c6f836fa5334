"""From captioned photos to questions: all captions of a photo together, then frequent answers thinned."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tqdm import tqdm

from training.data.captions import CaptionedPhoto
from training.data.questions import GeneratedQuestion, presence, wh, words
from training.data.questions.clauses import NounPhrase, chunk, read
from training.data.questions.enrolment import Enrolment
from training.data.questions.tagger import tag

# Answers that come up fewer times teach nothing.
RAREST = 5
_COLOR_TEMPLATES = ("what color {0} the {1}?", "what is the color of the {1}?")
_COUNT_TEMPLATES = ("how many {} are there?", "how many {} are in the photo?", "how many {} are in the picture?")


class _Photo:
    """The captions of one photo, read."""

    def __init__(self, photo: CaptionedPhoto) -> None:
        self.id = photo.id
        self.chunks = [chunk(tag(caption)) for caption in photo.captions]
        self.nouns = [[c for c in chunks if isinstance(c, NounPhrase)] for chunks in self.chunks]
        self.words = presence.PhotoWords(photo.id)
        for chunks, nouns in zip(self.chunks, self.nouns, strict=True):
            text = [w for c in chunks for w in (c.words if isinstance(c, NounPhrase) else c.word.split())]
            self.words.add(text, nouns)
        # What all captions together say of each noun.
        self.of_noun: dict[str, list[NounPhrase]] = defaultdict(list)
        for nouns in self.nouns:
            for noun in nouns:
                self.of_noun[noun.lemma].append(noun)

    def questions(self, generator: random.Random) -> Iterator[GeneratedQuestion]:
        """Object, number, color and location questions on which the captions do not disagree."""
        asked = [question for chunks in self.chunks for clause in read(chunks) for question in wh.ask(clause)]
        pairs = [(a.question, a.answer, a.kind) for a in asked if a.kind != "number" or self._is_agreed(a.about.lemma)]
        pairs += [*self._colors(generator), *self._totals(generator)]
        answers: dict[str, set[str]] = defaultdict(set)
        for question, answer, _ in pairs:
            answers[question].add(self._canonical(answer))
        kinds = {question: kind for question, _, kind in pairs}
        for question, given in answers.items():
            # "what is the boy in a hat wearing?" gives itself away.
            if len(given) == 1 and not re.search(rf"\b{(answer := given.pop())}\b", question):
                yield GeneratedQuestion(self.id, question, answer, kinds[question])

    def _canonical(self, answer: str) -> str:
        if answer in ("bike", "bikes") and not words.MOTORS & self.words.said:
            return answer.replace("bike", "bicycle")
        return words.SYNONYMS.get(answer, answer)

    def _is_agreed(self, noun: str) -> bool:
        return len({number for phrase in self.of_noun[noun] if (number := wh.number(phrase)) not in (None, "one")}) <= 1

    def _colors(self, generator: random.Random) -> Iterator[tuple[str, str, str]]:
        for phrases in self.of_noun.values():
            said = {token.word for phrase in phrases for token in phrase.tokens}
            if len(said & words.COLORS) != 1 or said & (words.OTHER_COLORS | words.OTHERS):
                continue  # none, or one thing is red and the other is blue
            colored = next((phrase for phrase in phrases if wh.color(phrase)), None)
            if colored is None or (not colored.plural and any(phrase.plural for phrase in phrases)):
                continue
            name, color = wh.color(colored)
            template = generator.choice(_COLOR_TEMPLATES)
            yield template.format("are" if colored.plural else "is", " ".join(name)), color, "color"

    def _totals(self, generator: random.Random) -> Iterator[tuple[str, str, str]]:
        """How many there are of what most captions count alike."""
        for noun, phrases in self.of_noun.items():
            numbers = Counter(wh.number(phrase) for phrase in phrases)
            number, votes = numbers.most_common(1)[0]
            if number is None or votes < 3 or not words.is_counted(noun) or not all(p.is_sound for p in phrases):
                continue
            # "dogs" without a number goes with two and more.
            if set(numbers) <= ({number} if number == "one" else {number, None}):
                yield generator.choice(_COUNT_TEMPLATES).format(words.plural(noun)), number, "number"


def generate(data_sets: Sequence[Sequence[CaptionedPhoto]], seed: int) -> list[GeneratedQuestion]:
    """All questions on the photos of some data sets, in the order of the photos. The same seed gives the same questions."""
    generator = random.Random(seed)
    photos = [
        [_Photo(photo) for photo in tqdm(data_set, desc="reading captions", unit="photo", mininterval=5)]
        for data_set in data_sets
    ]
    found = [question for data_set in photos for photo in data_set for question in photo.questions(generator)]
    found = _thinned(found, generator)
    statistics = presence.Statistics([photo.words for data_set in photos for photo in data_set])
    for data_set in photos:
        # Negatives come from the same data set: its style must not give the answer away.
        found += presence.ask([photo.words for photo in data_set], statistics, Enrolment(generator), generator)
    position = {photo.id: i for i, photo in enumerate(photo for data_set in photos for photo in data_set)}
    return sorted(found, key=lambda question: (position[question.photo], question.kind, question.question))


def _thinned(questions: Sequence[GeneratedQuestion], generator: random.Random) -> list[GeneratedQuestion]:
    counts = Counter(question.answer for question in questions)
    enrol = Enrolment(generator)
    shuffled = generator.sample(questions, len(questions))
    return [question for question in shuffled if counts[question.answer] >= RAREST and enrol(question.answer)]
