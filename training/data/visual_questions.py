"""Questions on photos: the record that every loader of them gives, and the questions that were made from captions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GENERATED_LAYOUT = """a file of generated questions holds one JSON object a line:
  {"photo": "coco/139", "question": "how many dogs run", "answer": "two", "kind": "number"}"""

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class VisualQuestion:
    """One question on a photo, as its data set gives it."""

    data_set: str  # "coco-qa", "vqa-v2", "daquar", "generated"
    photo: (
        str  # unique over data sets, as in `captions.py`: "coco/139", "daquar/image3", "flickr8k/1000268201_693b08cb0e"
    )
    path: Path
    question: str
    answers: tuple[str, ...]  # one; DAQUAR: each of a list; VQA v2: one of each annotator
    kind: str  # "object", "number", "color", "location", "yes/no", "other"; DAQUAR has no kinds and is all "other"


def require(path: Path, layout: str) -> Path:
    """The path.

    Raises:
        ValueError: it does not exist (the message shows the layout expected).
    """
    if not path.exists():
        raise ValueError(f"{path} is missing: {layout}")
    return path


def load_generated(file: Path, photos: Mapping[str, Path]) -> list[VisualQuestion]:
    """Load generated questions on the photos of `photos` (files by photo id); questions on other photos are left out.

    Raises:
        ValueError: the file is missing, has another layout, or has no question on these photos.
    """
    questions = []
    with require(file, GENERATED_LAYOUT).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                photo, question, answer, kind = (record[name] for name in ("photo", "question", "answer", "kind"))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"line {number} of {file} cannot be read ({error!r}): {GENERATED_LAYOUT}") from error
            if photo in photos:
                questions.append(VisualQuestion("generated", photo, photos[photo], question, (answer,), kind))
    if not questions:
        raise ValueError(f"{file} has no question on the {len(photos)} photos of this split: {GENERATED_LAYOUT}")
    return questions
