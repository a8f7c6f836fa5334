"""Loaders of questions on generated pictures, what they say when a folder is wrong, and the spelling of answers."""

import argparse
import json
from pathlib import Path

import pytest

from training.data import coco_qa, daquar, vqa_v2
from training.data.answers import canonical, normalize
from training.data.captions import load_karpathy
from training.data.splits import daquar_split
from training.data.visual_questions import load_generated
from training.tests.conftest import draw_shape
from training.tests.test_data import DEV_ID, TRAIN_ID
from training.vqa.datasets import load_data

DAQUAR_DEV = next(i for i in range(1, 200) if daquar_split(i) == "dev")
DAQUAR_TRAIN = next(i for i in range(1, 200) if daquar_split(i) == "train")


def write_photo(coco: Path, part: str, image_id: int) -> None:
    (coco / part).mkdir(parents=True, exist_ok=True)
    draw_shape(coco / part / f"COCO_{part}_{image_id:012d}.jpg", "red", "circle")


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    write_photo(tmp_path / "coco", "train2014", TRAIN_ID)
    write_photo(tmp_path / "coco", "val2014", DEV_ID)
    return tmp_path / "coco"


@pytest.fixture
def vqa(tmp_path: Path) -> Path:
    """VQA v2 with a whole question on a train photo, and one without types and majority on a dev photo."""
    folder = tmp_path / "vqa"
    folder.mkdir()
    whole = {"answer_type": "other", "question_type": "what is", "multiple_choice_answer": "cat"}
    for part, image_id, extra, given in (
        ("train2014", TRAIN_ID, whole, ["cat"] * 9 + ["a Cat."]),
        ("val2014", DEV_ID, {"answer_type": "", "question_type": ""}, ["2"] * 4 + ["two"] * 3 + ["yes"] * 3),
    ):
        question = {"question_id": 7, "image_id": image_id, "question": "What is it?"}
        answers = [{"answer": text, "answer_confidence": "yes", "answer_id": i} for i, text in enumerate(given, 1)]
        annotation = {"question_id": 7, "image_id": image_id, "answers": answers, **extra}
        questions = folder / f"v2_OpenEnded_mscoco_{part}_questions.json"
        questions.write_text(json.dumps({"questions": [question]}))
        (folder / f"v2_mscoco_{part}_annotations.json").write_text(json.dumps({"annotations": [annotation]}))
    return folder


def test_vqa_v2_follows_the_committed_split(vqa: Path, coco: Path) -> None:
    (train,) = vqa_v2.load(vqa, coco, "train")
    assert (train.photo, train.kind, train.question) == (f"coco/{TRAIN_ID}", "other", "What is it?")
    assert train.path.exists()
    assert train.answers == ("cat",) * 9 + ("a Cat.",)
    (dev,) = vqa_v2.load(vqa, coco, "dev")
    assert (dev.photo, dev.kind) == (f"coco/{DEV_ID}", "number")  # the kind comes from the answers
    assert len(vqa_v2.load(vqa, coco, "test")) == 2


def test_vqa_v2_reads_one_part_alone(vqa: Path, coco: Path) -> None:
    for file in vqa.glob("*train2014*"):
        file.unlink()
    assert [q.photo for q in vqa_v2.load(vqa, coco, "test")] == [f"coco/{DEV_ID}"]


@pytest.mark.parametrize("content", ["no json", "[]", '{"annotations": []}', '{"annotations": [{"question_id": 7}]}'])
def test_vqa_v2_shows_the_layout_when_a_file_is_wrong(vqa: Path, coco: Path, content: str) -> None:
    (vqa / "v2_mscoco_train2014_annotations.json").write_text(content)
    with pytest.raises(ValueError, match=r"train2014 in .* cannot be read .* holds the official files"):
        vqa_v2.load(vqa, coco, "train")


def test_vqa_v2_names_missing_files_and_photos(vqa: Path, coco: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no questions: a VQA v2 folder holds"):
        vqa_v2.load(tmp_path, coco, "train")
    with pytest.raises(ValueError, match="--coco must point"):
        vqa_v2.load(vqa, tmp_path, "train")
    (vqa / "v2_mscoco_val2014_annotations.json").unlink()
    with pytest.raises(ValueError, match=r"val2014_annotations\.json is missing"):
        vqa_v2.load(vqa, coco, "train")


def _daquar(folder: Path, text: str) -> Path:
    (folder / "images").mkdir(parents=True)
    for number in (DAQUAR_TRAIN, DAQUAR_DEV):
        draw_shape(folder / "images" / f"image{number}.jpg", "blue", "square")
    (folder / "qa.894.raw.train.format_triple").write_text(text)
    return folder


def test_daquar_reads_lists_and_follows_the_committed_split(tmp_path: Path) -> None:
    text = (
        f"what is on the desk ?\nbook, tape_dispenser\nimage{DAQUAR_TRAIN}\n"
        f"how many chairs are there ?\n2\nimage{DAQUAR_DEV}\n"
    )
    folder = _daquar(tmp_path / "daquar", text)
    (train,) = daquar.load(folder, "train")
    assert (train.photo, train.answers) == (f"daquar/image{DAQUAR_TRAIN}", ("book", "tape_dispenser"))
    assert train.path.exists()
    assert [q.answers for q in daquar.load(folder, "dev")] == [("2",)]
    with pytest.raises(ValueError, match=r"test\.format_triple is missing"):
        daquar.load(folder, "test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("what ?\nbook\n", "2 lines, which are no triples"),
        ("what ?\nbook\n3\n", "line 1 of .* starts no triple .image '3'"),
        ("what ?\n,\nimage3\n", "starts no triple"),
    ],
)
def test_daquar_shows_the_layout_when_the_file_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"{message}(.|\n)*three lines a question"):
        daquar.load(_daquar(tmp_path / "daquar", text), "train")


def test_coco_qa_gives_questions_with_their_kind(coco: Path, tmp_path: Path) -> None:
    folder = tmp_path / "qa"
    folder.mkdir()
    columns = {
        "img_ids": [TRAIN_ID, DEV_ID],
        "questions": ["what is the color of the car", "what sits"],
        "answers": ["red", "cat"],
        "types": [2, 0],
    }
    for name, values in columns.items():
        (folder / f"{name}.txt").write_text("".join(f"{value}\n" for value in values))
    (train,) = coco_qa.load_questions(folder, coco, "train")
    assert (train.photo, train.answers, train.kind) == (f"coco/{TRAIN_ID}", ("red",), "color")
    assert [q.answers for q in coco_qa.load_questions(folder, coco, "dev")] == [("cat",)]
    assert len(coco_qa.load_questions(folder, coco, "test")) == 2
    (folder / "types.txt").write_text("2\n9\n")
    with pytest.raises(ValueError, match=r"types of .* cannot be read"):
        coco_qa.load(folder)


def test_generated_questions_stay_within_the_photos_of_the_split(tmp_path: Path) -> None:
    record = {"photo": "coco/1", "question": "how many dogs run", "answer": "two", "kind": "number"}
    file = tmp_path / "generated.jsonl"
    file.write_text(f"{json.dumps(record)}\n{json.dumps({**record, 'photo': 'coco/2'})}\n")
    (question,) = load_generated(file, {"coco/1": Path("1.jpg")})
    assert (question.data_set, question.answers, question.kind) == ("generated", ("two",), "number")
    with pytest.raises(ValueError, match="no question on the 1 photos"):
        load_generated(file, {"coco/3": Path("3.jpg")})
    file.write_text('{"photo": "coco/1"}\n')
    with pytest.raises(ValueError, match=r"line 1 of .* one JSON object a line"):
        load_generated(file, {"coco/1": Path("1.jpg")})


def test_karpathys_train_split_leaves_our_dev_photos_out(coco: Path) -> None:
    names = {"train2014": TRAIN_ID, "val2014": DEV_ID}
    images = [
        {
            "filename": f"COCO_{part}_{image_id:012d}.jpg",
            "filepath": part,
            "split": "train",
            "sentences": [{"raw": "A."}],
        }
        for part, image_id in names.items()
    ]
    (coco / "dataset_coco.json").write_text(json.dumps({"dataset": "coco", "images": images}))
    (photo,) = load_karpathy(coco / "dataset_coco.json", coco, "train")
    assert photo.id.endswith(f"{TRAIN_ID:012d}")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Two", "2"),
        ("none", "0"),
        ("The dog.", "dog"),
        ("a man and the woman", "man and woman"),
        ("3.5", "3.5"),
        ("3.00 p.m.", "3.00 pm"),
        ("100,978", "100978"),
        ("black, white", "black white"),
        ("yes,no", "yes no"),
        ("black & white", "black & white"),
        ("white/teal", "white teal"),
        ("t-shirt", "t shirt"),
        ("tape_dispenser", "tape dispenser"),
        ("12:28", "12:28"),
        ("1-877-994-4357", "1 877 994 4357"),
        ("dont know", "don't know"),
        ("It's a girl’s", "it's girl's"),
        ("well", "well"),
        ("were", "were"),
        ("  Fire   hydrant?! ", "fire hydrant"),
        ("(50%)", "50%"),
        ("the", ""),
        ("one hundred", "1 hundred"),
        ("grey colour", "grey colour"),
    ],
)
def test_answers_are_normalized_as_by_the_vqa_evaluation(raw: str, expected: str) -> None:
    assert normalize(raw) == expected
    assert normalize(expected) == expected


def test_one_canonical_spelling() -> None:
    assert canonical("Grey colours") == canonical("gray colors") == "gray colors"
    assert canonical("A doughnut") == canonical("donut")
    assert canonical("two") == "2"


def test_questions_made_from_captions_can_train_without_a_dev_part(vqa: Path, coco: Path, tmp_path: Path) -> None:
    generated = tmp_path / "generated.jsonl"
    record = {"photo": f"coco/{TRAIN_ID}", "question": "is there a circle", "answer": "yes", "kind": "yes/no"}
    generated.write_text(json.dumps(record) + "\n")
    options = argparse.Namespace(coco_qa=None, vqa=vqa, daquar=None, generated=generated, coco=coco, flickr8k=None)
    assert list(load_data(options, "train")) == ["vqa-v2", "generated"]
    assert list(load_data(options, "dev", generated=False)) == ["vqa-v2"]
    with pytest.raises(ValueError, match="has no question on the 1 photos of this split"):
        load_data(options, "dev")
