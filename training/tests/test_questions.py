"""Questions made from captions: tricky captions, negatives that are never true, balance, determinism."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from training.data.captions import CaptionedPhoto
from training.data.questions import GeneratedQuestion, cloze, words
from training.data.questions.__main__ import main
from training.data.questions.clauses import chunk, read
from training.data.questions.enrolment import Enrolment
from training.data.questions.generate import generate
from training.data.questions.presence import PhotoWords, Statistics, related
from training.data.questions.tagger import tag
from training.data.questions.wh import ask
from training.data.visual_questions import load_generated


def asked(caption: str) -> set[tuple[str, str]]:
    """The questions and answers of one caption, without colours."""
    return {(a.question, a.answer) for clause in read(chunk(tag(caption))) for a in ask(clause)}


def letters(caption: str) -> str:
    return "".join(token.letter for token in tag(caption))


def photo(name: str, *captions: str) -> CaptionedPhoto:
    return CaptionedPhoto(f"coco/{name}", Path(f"{name}.jpg"), captions)


def of_photo(*captions: str) -> dict[str, GeneratedQuestion]:
    """The questions of one photo that is repeated until none of its answers is rare."""
    photos = [photo(str(n), *captions) for n in range(6)]
    return {q.question: q for q in generate([photos], seed=1) if q.photo == "coco/0"}


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("A dog jumps over a log .", "DNVPDN"),
        ("Two dogs play in the grass .", "MSVPDN"),
        ("People are riding horses .", "SBGS"),
        ("A boy in a bathing suit", "DNPDNN"),
        ("A man walking down a path , smiling .", "DNGPDN,G"),
        ("A man holding up a sign", "DNGUDN"),
        ("A bus is parked in front of a store", "DNBEPDN"),
        ("A group of people stand outside", "DSVR"),
        ("A man in red rides a bike", "DNPKVDN"),
        ("A brown and white spotted dog", "DKCKEN"),
    ],
)
def test_tags_of_captions(caption: str, expected: str) -> None:
    assert letters(caption) == expected


@pytest.mark.parametrize(
    ("caption", "question", "answer"),
    [
        # objects, and the definite subject
        ("A man is riding a horse down the street .", "what is the man riding down the street?", "horse"),
        ("A man in a red shirt holds a brown dog .", "what does the man in a red shirt hold?", "dog"),
        ("Two boys are holding up a large sign", "what are the two boys holding up?", "sign"),
        ("A man and a woman are eating a pizza", "what are the man and the woman eating?", "pizza"),
        # subjects
        ("A black dog is running through the tall grass .", "what is running through the tall grass?", "dog"),
        ("A bus parked in a lot", "what is parked in a lot?", "bus"),
        ("A dog catches a frisbee in the air", "what catches a frisbee in the air?", "dog"),
        # prepositions that stay behind
        ("A little girl is sitting on a wooden bench", "what is the little girl sitting on?", "bench"),
        # compound sentences: each clause by itself, and a shared subject
        ("A man reads a book while a dog sleeps on the couch .", "what does the man read?", "book"),
        ("A man reads a book while a dog sleeps on the couch .", "where does the dog sleep?", "couch"),
        ("A girl is wearing a helmet and riding a skateboard", "what is the girl riding?", "skateboard"),
        # gerunds: the first describes the subject of the verb that follows
        ("A boy wearing a hat kicks a ball", "what is the boy wearing?", "hat"),
        ("A boy wearing a hat kicks a ball", "what does the boy wearing a hat kick?", "ball"),
        # "there is"
        ("There are three zebras standing in a field.", "how many zebras are standing in a field?", "three"),
        ("There is a cat on the bed", "what is on the bed?", "cat"),
        # numbers, without a verb and as digits, and of objects
        ("Two brown dogs on the beach", "how many brown dogs are on the beach?", "two"),
        ("3 men sit on a bench", "how many men sit on a bench?", "three"),
        ("A woman walks four dogs in the park", "how many dogs does the woman walk in the park?", "four"),
        # places
        ("A small cat sleeping in a sink", "where is the small cat sleeping?", "sink"),
        ("Two children are playing soccer on a field", "where are the two children playing soccer?", "field"),
        ("A group of people are sitting at a table", "where are the group of people sitting?", "table"),
        # clitics
        ("A dog is biting a man 's shoe .", "what is biting a man's shoe?", "dog"),
    ],
)
def test_captions_become_questions(caption: str, question: str, answer: str) -> None:
    assert (question, answer) in asked(caption)


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("One of the dogs is running in the grass", "how many"),
        ("Two of the men are sitting on a bench", "how many"),
        ("A man is eating a hot dog", "what is the man eating"),  # not a dog
        ("A child holds a toy car", "what does the child hold"),
        ("A man is holding a ball and a bat", "what is the man holding"),  # two answers
        ("A dog is trying to catch a ball", "what is the dog"),
        ("A man is taking a picture", "what is the man taking"),
        ("A woman with a dog sitting on a bench", "where"),  # either may sit
        ("A man is not wearing a hat", "what"),
        ("A child in jeans , a hat and coat holding a ball", "what is holding"),  # no coat holds one
        ("A woman in a red dress and a girl in a hat are sitting on a swing", "where are the girl"),
        ("A dog investigates nearby a doorway", "what does the dog investigate"),
        ("A boy throws it to him", "what"),
        ("A gray dogs ear on a bed", "what"),  # a slip
        ("A man giving a girl a book", "what is the man giving"),
        ("A picture of a man", "what"),
        ("", "what"),
        ("!?", "what"),
    ],
)
def test_doubtful_questions_are_not_asked(caption: str, never: str) -> None:
    assert not [question for question, _ in asked(caption) if question.startswith(never)]


def test_answers_are_one_lower_case_word() -> None:
    for question, answer in asked("A Black Dog carries a tennis ball and two Men on a Park bench eat a T-bone steak"):
        assert re.fullmatch(r"[a-z]+", answer)
        assert question == question.lower()
        assert question.endswith("?")


def test_colors_are_asked_where_they_are_certain() -> None:
    colors = {q.question: q.answer for q in of_photo("A dog with a blue ball and a girl").values() if q.kind == "color"}
    assert set(colors.values()) == {"blue"}
    assert set(colors) <= {"what color is the ball?", "what is the color of the ball?"}


@pytest.mark.parametrize(
    "captions",
    [
        ("A black and white dog runs",),
        ("A black dog runs", "A brown dog runs"),  # the captions do not agree
        ("A red ball and another ball",),
        ("A man eats an orange",),  # a fruit
        ("A person holds an orange slice",),  # a fruit again
        ("A black bear in a field",),  # a kind of bear
        ("A red striped shirt",),
        ("A white man on a street",),
        ("A man in red",),
    ],
)
def test_doubtful_colors_are_not_asked(captions: tuple[str, ...]) -> None:
    assert not [q for q in of_photo(*captions).values() if q.kind == "color"]


def test_captions_that_disagree_are_not_asked_about() -> None:
    both = of_photo("Two dogs are running in the grass", "Three dogs are running in the grass")
    assert not [q for q in both.values() if q.kind == "number"]
    assert [
        q.answer
        for q in of_photo("A man is holding a ball", "A man is holding a bat").values()
        if "holding" in q.question
    ] == []


def test_captions_that_agree_are_counted() -> None:
    totals = [q for q in of_photo(*["A cat sits on a chair"] * 3).values() if q.kind == "number"]
    assert [q.answer for q in totals if "cats" in q.question] == ["one"]
    totals = [
        q for q in of_photo(*["Two cats on a chair"] * 2, "Two cats sleep", "Cats").values() if q.kind == "number"
    ]
    assert {q.answer for q in totals if q.question.startswith("how many cats are")} == {"two"}
    assert not [q for q in of_photo(*["A cat and another cat"] * 3).values() if q.kind == "number"]


def test_bicycles_have_no_motor() -> None:
    (answer,) = {q.answer for q in of_photo("A man is riding a bike").values() if q.kind == "object"}
    assert answer == "bicycle"
    answers = {
        q.answer for q in of_photo("A man is riding a bike", "A man on a motorcycle").values() if q.kind == "object"
    }
    assert "bicycle" not in answers


@pytest.mark.parametrize(
    ("noun", "word", "expected"),
    [
        ("dog", "dog", True),
        ("dog", "puppy", True),  # a hyponym
        ("dog", "animal", True),  # a hypernym
        ("couch", "sofa", True),  # a synonym
        ("boy", "skateboarder", True),  # may be a boy
        ("girl", "her", True),
        ("ball", "object", True),
        ("dog", "cat", False),
        ("dog", "man", False),
        ("bus", "table", False),
    ],
)
def test_related_words_rule_out_a_negative(noun: str, word: str, expected: bool) -> None:
    assert related(noun, word) is expected


SCENES = {
    "dog": ("A dog runs in the park .", "A dog is outside ."),
    "puppy": ("A puppy sleeps .", "A small puppy is asleep ."),
    "cat": ("A cat sits .", "A cat is sitting ."),
    "bus": ("A bus drives by .", "A red bus ."),
    "leash": ("A leash hangs there .", "A leash ."),
    "cow": ("A cow eats .", "There is a cow ."),
}


@pytest.fixture(scope="module")
def presence() -> list[GeneratedQuestion]:
    """Yes/no questions on ten photos of each scene; three dogs have a leash."""
    photos = [photo(f"{name}{n}", *captions, *captions) for name, captions in SCENES.items() for n in range(10)]
    photos += [photo(f"walk{n}", *SCENES["dog"], *SCENES["leash"], *SCENES["leash"]) for n in range(3)]
    return [q for q in generate([photos], seed=3) if q.kind == "yes/no"]


def noun_of(question: str) -> str:
    name = re.search(r"(?:an?|any) (\w+)(?: in the \w+)?\?$", question)[1]
    return words.singular(name)


def test_negatives_are_never_true(presence: list[GeneratedQuestion]) -> None:
    negatives = {
        (re.sub(r"\d", "", q.photo.removeprefix("coco/")), noun_of(q.question)) for q in presence if q.answer == "no"
    }
    assert ("cat", "dog") in negatives
    for scene, noun in negatives:
        assert not related(noun, scene)
        assert (noun, scene) != ("dog", "walk")


def test_yes_and_no_balance_for_each_object(presence: list[GeneratedQuestion]) -> None:
    counts = Counter((noun_of(q.question), q.answer) for q in presence)
    assert {"dog", "cat", "bus", "cow"} <= {noun for noun, _ in counts}
    for noun, _ in counts:
        assert counts[noun, "yes"] == counts[noun, "no"] > 0
    wordings = Counter((q.question, q.answer) for q in presence)
    assert all(wordings[question, "yes"] == wordings[question, "no"] for question, _ in wordings)


def test_yes_is_what_two_captions_say(presence: list[GeneratedQuestion]) -> None:
    for question in presence:
        if question.answer == "yes":
            scene = re.sub(r"\d", "", question.photo.removeprefix("coco/"))
            assert noun_of(question.question) in (scene, *(["dog", "leash"] if scene == "walk" else ()))


def test_words_that_bring_an_object_along_rule_it_out() -> None:
    photos = []
    for n in range(20):
        seen = PhotoWords(str(n))
        for caption in ("a dog on a leash", "a dog") if n < 3 else ("a table",):
            seen.add(caption.split(), [c for c in chunk(tag(caption)) if hasattr(c, "lemma")])
        photos.append(seen)
    ruled_out = Statistics(photos).ruled_out("dog")
    assert {"dog", "leash"} <= ruled_out
    assert "table" not in ruled_out


def test_what_a_caption_denies_is_not_mentioned() -> None:
    seen = PhotoWords("1")
    seen.add(
        "a sign that says no dogs".split(), [c for c in chunk(tag("a sign that says no dogs")) if hasattr(c, "lemma")]
    )
    assert not seen.mentions
    assert "dog" in seen.said


def gaps(*captions: str, rebuilt: bool = False) -> set[tuple[str, str]]:
    """The questions on words in their place of a photo that is repeated until no answer is rare."""
    photos = [photo(str(n), *captions) for n in range(cloze.RAREST)]
    found = cloze.ask(*(([], photos) if rebuilt else (photos, [])), seed=1)
    assert {q.kind for q in found} <= {"cloze"}
    return {(q.question, q.answer) for q in found if q.photo == "coco/0"}


def test_words_are_asked_for_in_their_place() -> None:
    assert gaps("Two men in red shirts are riding a bus , smiling .") == {
        ("what in red shirts are riding a bus smiling?", "men"),
        ("how many men in red shirts are riding a bus smiling?", "two"),
        ("two men in what are riding a bus smiling?", "shirts"),
        ("two men in what color shirts are riding a bus smiling?", "red"),
        ("two men in red shirts are doing what a bus smiling?", "riding"),
        ("two men in red shirts are riding what smiling?", "bus"),
        ("two men in red shirts are riding a bus doing what?", "smiling"),
    }


def test_no_word_is_asked_for_alone_nor_where_it_says_something_else() -> None:
    assert gaps("A dog .") == set()
    assert ("a boy eats what?", "dog") not in gaps("A boy eats a hot dog .")


def test_the_first_words_of_rebuilt_captions_are_answers_already() -> None:
    assert gaps("a dog on the beach", rebuilt=True) == {("a dog on what?", "beach")}


def test_rare_answers_are_not_asked_for() -> None:
    assert cloze.ask([photo("0", "A dog on the beach .")], [], seed=1) == []


def test_frequent_answers_are_thinned() -> None:
    enrol = Enrolment(random.Random(0), k=10, k2=20)
    kept = sum(enrol("dog") for _ in range(1000))
    assert 10 < kept < 200
    assert all(enrol("cat") for _ in range(10))


def test_the_seed_decides() -> None:
    photos = [photo(f"{name}{n}", *captions) for name, captions in SCENES.items() for n in range(12)]
    assert generate([photos], seed=1) == generate([photos], seed=1)
    assert generate([photos], seed=1) != generate([photos], seed=2)


def test_the_command_writes_what_the_loader_reads(
    flickr8k: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = flickr8k / "captions.txt"
    file.write_text(re.sub(r"A (\w+) (\w+) (lies|is seen)", r"A dog with a \1 ball is sitting", file.read_text()))
    output = tmp_path / "out" / "questions.jsonl"
    main(["--flickr8k", str(flickr8k), "--output", str(output), "--sample", "2"])
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    assert {line["kind"] for line in lines} == {"number", "object"}  # other answers are rare, and each photo has a dog
    photos = {f"flickr8k/{path.stem}": path for path in (flickr8k / "Images").iterdir()}
    train = {name for name in photos if "yellow" not in name}
    assert {line["photo"] for line in lines} == train
    assert len(load_generated(output, photos)) == len(lines)
    printed = capsys.readouterr().out
    assert f"{len(lines)} questions: " in printed
    assert "    A dog with a" in printed


def test_the_command_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--flickr8k"):
        main(["--output", str(tmp_path / "q.jsonl")])
    with pytest.raises(SystemExit, match=r"captions\.txt is missing"):
        main(["--flickr8k", str(tmp_path), "--output", str(tmp_path / "q.jsonl")])
