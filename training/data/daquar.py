"""DAQUAR (Malinowski and Fritz 2014): questions on indoor photos of NYU Depth v2, as triples of lines."""

import re
from pathlib import Path

from training.data.splits import daquar_split
from training.data.visual_questions import VisualQuestion, require

LAYOUT = """a DAQUAR folder looks like this:
  qa.894.raw.train.format_triple   three lines a question: the question, its answer (or a list with commas), the image
  qa.894.raw.test.format_triple    (only needed for --split test)
  images/image3.jpg …              or image3.png"""


def load(folder: Path, split: str) -> list[VisualQuestion]:
    """The questions of a split: "train" and "dev" share the official training file by photo, "test" is the official one.

    Raises:
        ValueError: the folder has another layout, or the photos are missing.
    """
    file = require(folder / f"qa.894.raw.{'test' if split == 'test' else 'train'}.format_triple", LAYOUT)
    lines = file.read_text(encoding="utf-8").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) % 3:
        raise ValueError(f"{file} has {len(lines)} lines, which are no triples: {LAYOUT}")
    questions = []
    for number in range(0, len(lines), 3):
        question, answer, image = (line.strip() for line in lines[number : number + 3])
        match = re.fullmatch(r"image(\d+)", image)
        answers = tuple(part.strip() for part in answer.split(",") if part.strip())
        if not match or not answers:
            raise ValueError(f"line {number + 1} of {file} starts no triple (image {image!r}): {LAYOUT}")
        if split in ("test", daquar_split(int(match[1]))):
            path = photo_path(folder, image)
            questions.append(VisualQuestion("daquar", f"daquar/{image}", path, question, answers, "other"))
    if questions:
        require(questions[0].path, LAYOUT)
    return questions


def photo_path(folder: Path, image: str) -> Path:
    """The photo of an image name; the original download has PNG files."""
    paths = [folder / "images" / f"{image}.{suffix}" for suffix in ("jpg", "png")]
    return next((path for path in paths if path.exists()), paths[0])
