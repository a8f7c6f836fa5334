"""Photos with captions, in the layouts people have: the Kaggle Flickr8k folder, Karpathy's split JSON
(Flickr8k, Flickr30k, COCO), COCO's captions JSON, and captions rebuilt from COCO-QA's questions.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.data import coco_qa
from training.data.splits import coco_split

FLICKR8K_LAYOUT = """a Flickr8k folder looks like this (the Kaggle layout with the official split lists):
  Images/1000268201_693b08cb0e.jpg …
  captions.txt                  header `image,caption`, then one caption a line
  Flickr_8k.trainImages.txt     one file name a line
  Flickr_8k.devImages.txt
  Flickr_8k.testImages.txt      (only needed for --split test)"""

COCO_LAYOUT = """a COCO folder looks like this:
  annotations/captions_train2014.json   {"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}
  annotations/captions_val2014.json
  train2014/COCO_train2014_000000000009.jpg …
  val2014/COCO_val2014_000000000139.jpg …"""

KARPATHY_LAYOUT = """Karpathy's split JSON looks like this:
  {"images": [{"filename", "filepath" (COCO only), "split": "train"|"restval"|"val"|"test", "sentences": [{"raw"}]}]}"""


@dataclass(frozen=True)
class CaptionedPhoto:
    """One photo and its reference captions (raw text, any number)."""

    id: str  # unique over data sets: "flickr8k/1000268201_693b08cb0e", "coco/139"
    path: Path
    captions: tuple[str, ...]


def _require(path: Path, layout: str) -> Path:
    if not path.exists():
        raise ValueError(f"{path} is missing: {layout}")
    return path


def load_flickr8k(folder: Path, split: str) -> list[CaptionedPhoto]:
    """Load one official split ("train", "dev", "test") of the Kaggle Flickr8k folder.

    Raises:
        ValueError: a file is missing or does not have the expected layout (the message shows it).
    """
    captions: dict[str, list[str]] = defaultdict(list)
    with _require(folder / "captions.txt", FLICKR8K_LAYOUT).open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        if next(rows, None) != ["image", "caption"]:
            raise ValueError(f"{folder / 'captions.txt'} lacks the header `image,caption`: {FLICKR8K_LAYOUT}")
        for row in rows:
            # A caption may hold commas without being quoted.
            captions[row[0]].append(",".join(row[1:]))
    list_file = _require(folder / f"Flickr_8k.{split}Images.txt", FLICKR8K_LAYOUT)
    names = list_file.read_text(encoding="utf-8").split()
    photos = []
    for name in names:
        if not captions.get(name):
            raise ValueError(f"{name} of {list_file.name} has no caption in captions.txt: {FLICKR8K_LAYOUT}")
        photos.append(CaptionedPhoto(f"flickr8k/{Path(name).stem}", folder / "Images" / name, tuple(captions[name])))
    if photos:
        _require(photos[0].path, FLICKR8K_LAYOUT)
    return photos


def load_karpathy(split_file: Path, images: Path, split: str) -> list[CaptionedPhoto]:
    """Load a split of Karpathy's JSON (`dataset_flickr8k.json`, `dataset_flickr30k.json`, `dataset_coco.json`).

    "train" takes "restval" in, as is usual for COCO, but no photo that is dev in this project's split; "dev" is the
    JSON's "val".

    Raises:
        ValueError: the file is not of Karpathy's layout or names photos that `images` lacks.
    """
    wanted = {"train": {"train", "restval"}, "dev": {"val"}, "test": {"test"}}[split]
    try:
        data = json.loads(_require(split_file, KARPATHY_LAYOUT).read_text(encoding="utf-8"))
        name = data.get("dataset", split_file.stem.removeprefix("dataset_"))
        photos = [
            CaptionedPhoto(
                f"{name}/{Path(image['filename']).stem}",
                images / image.get("filepath", "") / image["filename"],
                tuple(sentence["raw"] for sentence in image["sentences"]),
            )
            for image in data["images"]
            if image["split"] in wanted and not (split == "train" and _is_coco_dev(image["filename"]))
        ]
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{split_file} cannot be read ({error!r}): {KARPATHY_LAYOUT}") from error
    if not photos:
        raise ValueError(f"{split_file} has no photo of split {split}: {KARPATHY_LAYOUT}")
    _require(photos[0].path, f"--images must point to the folder of the photos; {KARPATHY_LAYOUT}")
    return photos


def _is_coco_dev(filename: str) -> bool:
    match = re.fullmatch(r"COCO_\w+2014_(\d{12})\.jpg", filename)
    return match is not None and coco_split(int(match[1])) == "dev"


def load_coco(folder: Path, split: str) -> list[CaptionedPhoto]:
    """Load the captioned photos of a COCO 2014 folder, train2014 and val2014 together, by this project's split.

    Raises:
        ValueError: a file is missing or does not have COCO's layout.
    """
    photos: list[CaptionedPhoto] = []
    for part in ("train2014", "val2014"):
        path = _require(folder / "annotations" / f"captions_{part}.json", COCO_LAYOUT)
        captions: dict[int, list[str]] = defaultdict(list)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            for annotation in data["annotations"]:
                captions[annotation["image_id"]].append(annotation["caption"].strip())
            for image in data["images"]:
                if captions[image["id"]] and coco_split(image["id"]) == split:
                    file = folder / part / image["file_name"]
                    photos.append(CaptionedPhoto(f"coco/{image['id']}", file, tuple(captions[image["id"]])))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"{path} cannot be read ({error!r}): {COCO_LAYOUT}") from error
    if photos:
        _require(photos[0].path, COCO_LAYOUT)
    return photos


def load_coco_qa_as_captions(questions: Path, coco: Path, split: str) -> list[CaptionedPhoto]:
    """Rebuild captions from COCO-QA's questions, which were made from captions (Ren et al. 2015, section 3.2)."""
    statements: dict[int, list[str]] = defaultdict(list)
    for item in coco_qa.load(questions):
        statement = question_to_caption(item.question, item.answer)
        if statement and coco_split(item.image_id) == split:
            statements[item.image_id].append(statement)
    return [
        CaptionedPhoto(f"coco/{image_id}", coco_qa.photo_path(coco, image_id), tuple(dict.fromkeys(texts)))
        for image_id, texts in statements.items()
    ]


_PLURAL_ANSWER = re.compile(r"^(?:people|men|women|children|sheep|.*[^su]s)$")


def question_to_caption(question: str, answer: str) -> str | None:
    """Turn a COCO-QA pair back into a statement, or None where the rules do not fit.

    >>> question_to_caption("what covered in snow behind a red airplane wing", "mountain")
    'a mountain covered in snow behind a red airplane wing'
    >>> question_to_caption("how many boats anchored by ropes close to shore", "eight")
    'eight boats anchored by ropes close to shore'
    """
    question = question.strip(" ?.").lower()
    if match := re.fullmatch(r"how many (.+)", question):
        return f"{answer} {match[1]}"
    if question.startswith("what is the color"):
        return None  # "red umbrella" alone would teach captions that name one thing
    if match := re.fullmatch(r"what (.+)", question):
        rest = match[1]
        # "what do the man ride", "what does she hold": the answer is the object; word order is not recoverable.
        if re.match(r"(?:do|does|did|can|are (?:the|two|three|some)|is (?:the|a|an|this))\b", rest):
            return None
        article = "" if _PLURAL_ANSWER.match(answer) else ("an " if answer[0] in "aeiou" else "a ")
        return f"{article}{answer} {rest}"
    return None


def merge(*groups: Iterable[CaptionedPhoto]) -> list[CaptionedPhoto]:
    """Join groups photo by photo; human captions of a photo come before rebuilt ones when given first."""
    merged: dict[str, CaptionedPhoto] = {}
    for group in groups:
        for photo in group:
            known = merged.get(photo.id)
            merged[photo.id] = CaptionedPhoto(photo.id, known.path, known.captions + photo.captions) if known else photo
    return list(merged.values())
