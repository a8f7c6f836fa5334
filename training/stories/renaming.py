"""Stories told of others: people, places, things and directions exchanged for each other, in story, question and answer alike.

What a story says does not depend on who is in it. A model that has 900 questions a task learns the names by heart instead; with other
names in each epoch it cannot. Only words of a task's own are exchanged, and only those that its rules treat alike.
"""

from collections.abc import Sequence

import numpy as np

from training.stories.vocabulary import Vocabulary

# Each line is a kind; the forms of one thing are joined by a slash. Men and women stay apart, for "he" and "she".
_KINDS = tuple(
    tuple(tuple(forms.split("/")) for forms in kind.split())
    for kind in (
        "john daniel bill fred jeff",
        "mary sandra julie",
        "emily gertrude jessica winona",
        "bernhard brian greg julius lily",
        "antoine jason sumit yann",
        "bathroom bedroom cinema garden hallway kitchen office park school",
        "apple football milk",
        "mouse/mice cat/cats wolf/wolves sheep/sheep",
        "frog lion rhino swan",
        "gray green white yellow",
        "blue pink red yellow",
        "rectangle sphere square triangle",
        "chest chocolate container suitcase",
    )
)
# The symmetries of a square on the compass, and the mirror images of a picture.
_COMPASS = ("north", "east", "south", "west")
_INITIALS = {name: name[0] for name in _COMPASS}
_PAIRS = (("left", "right"), ("above", "below"))
# In this task who is hungry goes to the kitchen: places and things are not alike.
_MOTIVES, _ALIKE_THERE = 20, "antoine"


def _draw(task: int, words: frozenset[str], generator: np.random.Generator) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for kind in _KINDS:
        present = [forms for forms in kind if words.issuperset(forms)]
        # Yellow is of two kinds of colour: the one of which the task has more words is meant.
        if len(present) < 2 or (task == _MOTIVES and kind[0][0] != _ALIKE_THERE) or present[0][0] in renamed:
            continue
        for old, new in zip(present, generator.permutation(len(present)), strict=True):
            renamed |= dict(zip(old, present[new], strict=True))
    if words.issuperset(_COMPASS):
        turn, flip = int(generator.integers(4)), int(generator.choice([-1, 1]))
        for i, name in enumerate(_COMPASS):
            renamed[name] = _COMPASS[(turn + flip * i) % 4]
            renamed[_INITIALS[name]] = _INITIALS[renamed[name]]
    for first, second in _PAIRS:
        if words.issuperset((first, second, "rectangle")) and generator.integers(2):
            renamed |= {first: second, second: first}
    return renamed


class Renaming:
    """Draws renamings as arrays, to be applied to ids."""

    def __init__(self, vocabulary: Vocabulary, words_by_task: Sequence[frozenset[str]]):
        """
        Args:
            words_by_task: the words of each task's stories and questions.
        """
        self.vocabulary = vocabulary
        self.words_by_task = words_by_task

    def draw(self, task: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Word ids and answer indices after a renaming, by those before; the answer is −1 where the new one cannot be given (a
        list in an order that no story has)."""
        known = self.vocabulary
        renamed = _draw(task, self.words_by_task[task - 1], generator)
        words = np.array([known.ids[renamed.get(word, word)] for word in known.words])
        answers = [",".join(renamed.get(part, part) for part in answer.split(",")) for answer in known.answers]
        return words, np.array([known.answer_ids.get(answer, -1) for answer in answers])
