"""VQA v2 (Goyal et al. 2017): questions on COCO photos with the answers of ten annotators, in the official JSON."""

import json
from collections import Counter
from pathlib import Path

from training.data.answers import normalize
from training.data.splits import coco_split
from training.data.visual_questions import VisualQuestion, require

LAYOUT = """a VQA v2 folder holds the official files of train2014, of val2014 or of both:
  v2_OpenEnded_mscoco_train2014_questions.json   {"questions": [{"question_id", "image_id", "question"}]}
  v2_mscoco_train2014_annotations.json           {"annotations": [{"question_id", "answers": [{"answer"}]}]}"""


def load(folder: Path, coco: Path, split: str) -> list[VisualQuestion]:
    """The questions on the photos of a split; "test" takes the whole folder, which is then a test folder.

    A question without `answer_type` gets the kind of its most frequent answer.

    Args:
        coco: the COCO folder with train2014 and val2014.

    Raises:
        ValueError: the folder has another layout, or the photos are missing.
    """
    parts = [p for p in ("train2014", "val2014") if (folder / f"v2_OpenEnded_mscoco_{p}_questions.json").exists()]
    if not parts:
        raise ValueError(f"{folder} has no questions: {LAYOUT}")
    questions: list[VisualQuestion] = []
    for part in parts:
        annotations = require(folder / f"v2_mscoco_{part}_annotations.json", LAYOUT)
        try:
            answered = {item["question_id"]: item for item in _list(annotations, "annotations")}
            for item in _list(folder / f"v2_OpenEnded_mscoco_{part}_questions.json", "questions"):
                image_id = item["image_id"]
                if split not in ("test", coco_split(image_id)):
                    continue
                annotation = answered[item["question_id"]]
                answers = tuple(answer["answer"] for answer in annotation["answers"])
                kind = annotation.get("answer_type") or _kind(answers)
                path = coco / part / f"COCO_{part}_{image_id:012d}.jpg"
                questions.append(VisualQuestion("vqa-v2", f"coco/{image_id}", path, item["question"], answers, kind))
        except (KeyError, TypeError, IndexError, json.JSONDecodeError) as error:
            raise ValueError(f"the files of {part} in {folder} cannot be read ({error!r}): {LAYOUT}") from error
    if questions:
        require(questions[0].path, f"--coco must point to the folder with train2014 and val2014; {LAYOUT}")
    return questions


def _list(path: Path, key: str) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))[key]


def _kind(answers: tuple[str, ...]) -> str:
    """The answer type, by the rule of the official annotations."""
    majority = Counter(map(normalize, answers)).most_common(1)[0][0]
    if majority in ("yes", "no"):
        return "yes/no"
    return "number" if majority.isdigit() else "other"
