"""bAbI's 20 tasks: short stories with questions (Weston et al. 2015, v1.2), in the files that Facebook published.

A line is a number and a sentence, or a number, a question, its answer and the numbers of the supporting sentences, separated by
tabs; where the numbers start again, another story does.
"""

import re
from dataclasses import dataclass
from pathlib import Path

TASKS = (
    "single supporting fact",
    "two supporting facts",
    "three supporting facts",
    "two-argument relations",
    "three-argument relations",
    "yes/no questions",
    "counting",
    "lists and sets",
    "simple negation",
    "indefinite knowledge",
    "basic coreference",
    "conjunction",
    "compound coreference",
    "time reasoning",
    "basic deduction",
    "basic induction",
    "positional reasoning",
    "size reasoning",
    "path finding",
    "agents' motivations",
)
_DEV = 10  # every tenth story of a task is kept for dev: the last of each ten


@dataclass(frozen=True)
class StoryQuestion:
    """A question and the sentences that came before it in its story."""

    task: int  # 1 to 20
    story: tuple[str, ...]
    question: str
    answer: str
    facts: tuple[int, ...]  # which sentences of the story support the answer, counted from 0


def words_of(text: str) -> list[str]:
    """Runs of letters and digits in lower case, as `lib/stories/vocabulary.ts` splits a sentence."""
    return re.findall(r"[^\W_]+", text.lower())


def load(folder: Path, split: str) -> list[StoryQuestion]:
    """The questions of a split, task by task.

    Args:
        folder: holds `qa1_single-supporting-fact_train.txt` and the others.
        split: "train" and "dev" divide the stories of the training files, "test" are the test files.

    Raises:
        ValueError: the folder lacks a task, or a file is not in that format.
    """
    questions = []
    kind = "test" if split == "test" else "train"
    for task in range(1, len(TASKS) + 1):
        found = sorted(folder.glob(f"qa{task}_*_{kind}.txt"))
        if len(found) != 1:
            raise ValueError(f"{folder} has {len(found)} files qa{task}_*_{kind}.txt: give the folder en of bAbI v1.2")
        for number, story in enumerate(_stories(found[0], task)):
            if split == "test" or (number % _DEV == _DEV - 1) == (split == "dev"):
                questions += story
    return questions


def _stories(path: Path, task: int) -> list[list[StoryQuestion]]:
    stories: list[list[StoryQuestion]] = []
    sentences: dict[int, str] = {}
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        number, _, text = line.strip().partition(" ")
        parts = [part.strip() for part in text.split("\t")]
        if not number.isdigit() or len(parts) not in (1, 3):
            raise ValueError(f"line {at} of {path.name} is neither a sentence nor a question: is it a file of bAbI?")
        if int(number) == 1 or not stories:
            sentences = {}
            stories.append([])
        if len(parts) == 1:
            sentences[int(number)] = parts[0]
            continue
        question, answer, facts = parts
        places = list(sentences)
        supporting = tuple(places.index(int(fact)) for fact in facts.split())
        stories[-1].append(StoryQuestion(task, tuple(sentences.values()), question, answer, supporting))
    return stories
