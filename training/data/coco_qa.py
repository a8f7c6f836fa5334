"""COCO-QA (Ren et al. 2015): one-word questions and answers on COCO photos, in four parallel text files."""

from dataclasses import dataclass
from pathlib import Path

from training.data.splits import coco_split
from training.data.visual_questions import VisualQuestion, require

LAYOUT = """a COCO-QA folder holds four text files with one line a question:
  questions.txt   answers.txt   img_ids.txt (COCO image ids)   types.txt (0 object, 1 number, 2 color, 3 location)"""

TYPES = ("object", "number", "color", "location")


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
        ValueError: a file is missing, their lengths differ, or an id or type is none.
    """
    names = ("img_ids", "questions", "answers", "types")
    columns = [require(folder / f"{name}.txt", LAYOUT).read_text(encoding="utf-8").splitlines() for name in names]
    if len({len(column) for column in columns}) != 1:
        raise ValueError(f"the files of {folder} differ in length: {LAYOUT}")
    try:
        return [
            Question(int(image_id), question.strip(), answer.strip(), TYPES[int(kind)])
            for image_id, question, answer, kind in zip(*columns, strict=True)
        ]
    except (ValueError, IndexError) as error:
        raise ValueError(f"the ids or types of {folder} cannot be read ({error}): {LAYOUT}") from error


def load_questions(folder: Path, coco: Path, split: str) -> list[VisualQuestion]:
    """The questions on the photos of a split; "test" takes the whole folder, which is then a test folder.

    Args:
        coco: the COCO folder with train2014 and val2014.

    Raises:
        ValueError: the folder has another layout, or the photos are missing.
    """
    questions = [
        VisualQuestion(
            "coco-qa",
            f"coco/{item.image_id}",
            photo_path(coco, item.image_id),
            item.question,
            (item.answer,),
            item.kind,
        )
        for item in load(folder)
        if split in ("test", coco_split(item.image_id))
    ]
    if questions:
        require(questions[0].path, f"--coco must point to the folder with train2014 and val2014; {LAYOUT}")
    return questions


def photo_path(coco: Path, image_id: int) -> Path:
    """The photo of a COCO id, which lies in train2014 or val2014 below `coco`."""
    paths = [coco / part / f"COCO_{part}_{image_id:012d}.jpg" for part in ("train2014", "val2014")]
    return next((path for path in paths if path.exists()), paths[0])
