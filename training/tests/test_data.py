"""Loaders on generated data, and what they say when a folder is wrong."""

import json
import random
from pathlib import Path

import pytest
from PIL import Image

from training.data import captions, coco_qa, photos
from training.data.splits import coco_split
from training.data.tokenizer import detokenize, tokenize
from training.tests.conftest import draw_shape

# Ids whose split the committed list fixes.
DEV_ID = json.loads((Path(captions.__file__).parent / "splits.json").read_text())["coco"]["dev"][0]
TRAIN_ID = next(i for i in range(1, 100) if coco_split(i) == "train")


def test_tokenizer_drops_punctuation_and_keeps_clitics() -> None:
    assert (
        tokenize('Two "dogs" ( brown ) run , jump -- and don\'t stop ...')
        == "two dogs brown run jump and do n't stop".split()
    )
    assert tokenize("A man's t-shirt.") == ["a", "man", "'s", "t-shirt"]
    assert detokenize(["a", "man", "'s", "t-shirt"]) == "a man's t-shirt"


def test_flickr8k_reads_captions_with_commas(flickr8k: Path) -> None:
    with (flickr8k / "captions.txt").open("a") as file:
        file.write("red_circle.jpg,An unquoted caption , with commas , too .\n")
    train = captions.load_flickr8k(flickr8k, "train")
    assert len(train) == 6
    assert train[0].id == "flickr8k/red_circle"
    assert train[0].path.exists()
    assert train[0].captions[-1] == "An unquoted caption , with commas , too ."
    assert len(captions.load_flickr8k(flickr8k, "dev")) == 2


@pytest.mark.parametrize("missing", ["captions.txt", "Flickr_8k.devImages.txt", "Images"])
def test_flickr8k_shows_the_layout_when_something_is_missing(flickr8k: Path, missing: str) -> None:
    (flickr8k / missing).rename(flickr8k / "elsewhere")
    with pytest.raises(ValueError, match=r"Flickr_8k\.trainImages\.txt"):
        captions.load_flickr8k(flickr8k, "dev")


def test_flickr8k_refuses_a_csv_without_header(flickr8k: Path) -> None:
    text = (flickr8k / "captions.txt").read_text()
    (flickr8k / "captions.txt").write_text(text.split("\n", 1)[1])
    with pytest.raises(ValueError, match="lacks the header"):
        captions.load_flickr8k(flickr8k, "train")


def _karpathy(path: Path) -> None:
    images = [
        {"filename": f"{split}.jpg", "filepath": "val2014", "split": split, "sentences": [{"raw": f"A {split} photo."}]}
        for split in ("train", "restval", "val", "test")
    ]
    path.write_text(json.dumps({"dataset": "coco", "images": images}))
    (path.parent / "val2014").mkdir()
    for image in images:
        draw_shape(path.parent / "val2014" / image["filename"], "red", "circle")


def test_karpathy_takes_restval_into_train(tmp_path: Path) -> None:
    _karpathy(tmp_path / "dataset_coco.json")
    train = captions.load_karpathy(tmp_path / "dataset_coco.json", tmp_path, "train")
    assert [photo.id for photo in train] == ["coco/train", "coco/restval"]
    dev = captions.load_karpathy(tmp_path / "dataset_coco.json", tmp_path, "dev")
    assert [photo.captions for photo in dev] == [("A val photo.",)]


@pytest.mark.parametrize("content", ["not json", '{"images": [{"filename": "a.jpg"}]}', '{"images": []}', "[]"])
def test_karpathy_shows_the_layout_when_the_file_is_wrong(tmp_path: Path, content: str) -> None:
    (tmp_path / "split.json").write_text(content)
    with pytest.raises(ValueError, match='"sentences"'):
        captions.load_karpathy(tmp_path / "split.json", tmp_path, "train")


def _coco(folder: Path) -> None:
    (folder / "annotations").mkdir(parents=True)
    for part, ids in (("train2014", [TRAIN_ID]), ("val2014", [DEV_ID])):
        (folder / part).mkdir()
        names = {i: f"COCO_{part}_{i:012d}.jpg" for i in ids}
        for name in names.values():
            draw_shape(folder / part / name, "blue", "square")
        (folder / "annotations" / f"captions_{part}.json").write_text(
            json.dumps(
                {
                    "images": [{"id": i, "file_name": name} for i, name in names.items()],
                    "annotations": [{"image_id": i, "caption": "A blue square. "} for i in ids for _ in range(5)],
                }
            )
        )


def test_coco_follows_the_committed_split(tmp_path: Path) -> None:
    _coco(tmp_path)
    assert [photo.id for photo in captions.load_coco(tmp_path, "train")] == [f"coco/{TRAIN_ID}"]
    dev = captions.load_coco(tmp_path, "dev")
    assert [photo.id for photo in dev] == [f"coco/{DEV_ID}"]
    assert dev[0].captions == ("A blue square.",) * 5


def test_coco_shows_the_layout_when_the_folder_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"captions_val2014\.json"):
        captions.load_coco(tmp_path, "train")


def _coco_qa(folder: Path, rows: list[tuple[int, str, str, int]]) -> None:
    folder.mkdir()
    for position, name in enumerate(("img_ids", "questions", "answers", "types")):
        (folder / f"{name}.txt").write_text("".join(f"{row[position]}\n" for row in rows))


def test_coco_qa_captions_leave_dev_photos_out(tmp_path: Path) -> None:
    _coco(tmp_path / "coco")
    rows = [
        (TRAIN_ID, "what is parked on the road", "car", 0),
        (TRAIN_ID, "how many dogs run in the grass", "two", 1),
        (TRAIN_ID, "what is the color of the car", "red", 2),
        (DEV_ID, "what is parked on the road", "bus", 0),
    ]
    _coco_qa(tmp_path / "qa", rows)
    photos_found = captions.load_coco_qa_as_captions(tmp_path / "qa", tmp_path / "coco", "train")
    assert [photo.captions for photo in photos_found] == [("a car is parked on the road", "two dogs run in the grass")]
    merged = captions.merge(captions.load_coco(tmp_path / "coco", "train"), photos_found)
    assert [len(photo.captions) for photo in merged] == [7]


@pytest.mark.parametrize(
    ("question", "answer", "caption"),
    [
        ("what covered in snow behind a red airplane wing", "mountain", "a mountain covered in snow behind a red airplane wing"),
        ("what are parked in the airport field", "airplanes", "airplanes are parked in the airport field"),
        ("what sits on the desk", "apple", "an apple sits on the desk"),
        ("what does the man ride", "horse", None),
        ("what is the man riding down the street", "bicycle", None),
        ("where is the cat", "couch", None),
        ("what is the color of the bear", "white", None),
    ],
)  # fmt: skip
def test_questions_become_captions(question: str, answer: str, caption: str | None) -> None:
    assert captions.question_to_caption(question, answer) == caption


def test_coco_qa_refuses_files_of_different_length(tmp_path: Path) -> None:
    _coco_qa(tmp_path / "qa", [(1, "what is red", "car", 0)])
    (tmp_path / "qa" / "types.txt").write_text("0\n1\n")
    with pytest.raises(ValueError, match="differ in length"):
        coco_qa.load(tmp_path / "qa")


def test_augmentation_depends_on_its_generator_only(tmp_path: Path) -> None:
    draw_shape(tmp_path / "a.png", "red", "circle", (300, 200))
    image = photos.open_photo(tmp_path / "a.png")
    first, again, other = (photos.to_pixels(photos.augment(image, random.Random(seed))) for seed in (1, 1, 2))
    assert first.shape == (3, 224, 224)
    assert first.equal(again)
    assert not first.equal(other)


def test_photos_are_turned_by_their_exif_orientation(tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 30))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    assert photos.open_photo(tmp_path / "turned.jpg").size == (30, 60)
    assert photos.squash(photos.open_photo(tmp_path / "turned.jpg")).size == (224, 224)
