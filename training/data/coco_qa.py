"""COCO-QA (Ren et al. 2015): one-word questions and answers on COCO photos, in four parallel text files."""

from dataclasses import dataclass
from pathlib import Path

LAYOUT = """a COCO-QA folder holds four text files with one line a question:
  questions.txt   answers.txt   img_ids.txt (COCO image ids)   types.txt (0 object, 1 number, 2 colour, 3 location)"""

TYPES = ("object", "number", "colour", "location")


@dataclass(frozen=True)
class Question:
    """One COCO-QA item; `kind` is one of TYPES."""

    image_id: int
    question: str
    answer: str
    kind: str


def load(folder: Path) -> list[Question]:
    """Read the four files.

    Raises:
        ValueError: a file is missing or their lengths differ.
    """
    columns = []
    for name in ("img_ids", "questions", "answers", "types"):
        path = folder / f"{name}.txt"
        if not path.exists():
            raise ValueError(f"{path} is missing: {LAYOUT}")
        columns.append(path.read_text(encoding="utf-8").splitlines())
    if len({len(column) for column in columns}) != 1:
        raise ValueError(f"the files of {folder} differ in length: {LAYOUT}")
    return [
        Question(int(image_id), question.strip(), answer.strip(), TYPES[int(kind)])
        for image_id, question, answer, kind in zip(*columns, strict=True)
    ]


def photo_path(coco: Path, image_id: int) -> Path:
    """The photo of a COCO id, which lies in train2014 or val2014 below `coco`."""
    paths = [coco / part / f"COCO_{part}_{image_id:012d}.jpg" for part in ("train2014", "val2014")]
    return next((path for path in paths if path.exists()), paths[0])
