"""The answerer: gradients, padding, data, overfitting, resuming, ONNX parity, and the commands."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.regions import PhotoRegions
from training.data.visual_questions import VisualQuestion
from training.export import quantize_weights
from training.loop import LoopConfig, fit
from training.onnx_session import open_session
from training.tests.conftest import COLORS, draw_shape
from training.tests.test_captioning import TinyVision
from training.vision import FEATURES
from training.vqa import exporting
from training.vqa.answerer import KINDS, Answerer, AnswererConfig
from training.vqa.baselines import majority
from training.vqa.exporting import answerer_to_onnx, export
from training.vqa.model import load
from training.vqa.train import (
    QuestionDataset,
    VqaDistillationTask,
    VqaTask,
    answer_logits,
    collate,
    pad,
    probabilities,
)
from training.vqa.vocabulary import PAD, SPECIAL, UNKNOWN, Vocabulary, answer_scores, tokenize


def tiny_answerer(kind: str, words: int = 9, answers: int = 5, dropout: float = 0.0, **options) -> Answerer:
    sizes = {"hidden_size": 6, "embedding_size": 5, "attention_size": 4, **options}
    return Answerer(AnswererConfig(words, answers, kind, dropout=dropout, **sizes))


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_against_finite_differences(kind: str) -> None:
    answerer = tiny_answerer(kind).double()
    regions = torch.rand(2, 49, FEATURES, dtype=torch.float64)
    tokens, photo = torch.tensor([[2, 3, 4], [5, 8, 0], [6, 0, 0]]), torch.tensor([0, 1, 1])

    def loss() -> torch.Tensor:
        return answerer(regions, tokens, photo).square().mean()

    loss().backward()
    generator = torch.Generator().manual_seed(1)
    for name, parameter in answerer.named_parameters():
        flat = parameter.data.view(-1)
        index = int(torch.randint(flat.numel(), (1,), generator=generator))
        kept, h = flat[index].item(), 1e-6
        flat[index] = kept + h
        above = loss().item()
        flat[index] = kept - h
        below = loss().item()
        flat[index] = kept
        if name != "question.embedding.weight" or index >= answerer.config.embedding_size:  # <pad> has no gradient
            assert parameter.grad.view(-1)[index].item() == pytest.approx((above - below) / (2 * h), abs=1e-8), name


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
def test_neither_padding_nor_the_batch_changes_an_answer(kind: str) -> None:
    answerer = tiny_answerer(kind).eval()
    regions = torch.rand(2, 49, FEATURES)
    features, keys = answerer.prepare(regions)
    questions = [([2, 3, 4, 5], 1), ([7], 0), ([6, 8], 1)]
    logits, attention = answerer.answer(pad([q for q, _ in questions]), torch.tensor([1, 0, 1]), features, keys)
    torch.testing.assert_close(attention.sum(-1), torch.ones(3))
    for n, (words, photo) in enumerate(questions):
        alone = answerer(regions[photo : photo + 1], torch.tensor([words]), torch.tensor([0]))
        torch.testing.assert_close(alone[0], logits[n])


@torch.no_grad()
def test_both_directions_matter_and_the_photo_only_where_it_is_seen() -> None:
    regions, other = torch.rand(1, 49, FEATURES), torch.rand(1, 49, FEATURES)
    photo = torch.tensor([0])
    for kind in KINDS:
        answerer = tiny_answerer(kind, hidden_size=24).eval()
        there, back = (answerer(regions, torch.tensor([words]), photo) for words in ([2, 3, 4], [4, 3, 2]))
        assert not torch.allclose(there, back)
        same = torch.equal(there, answerer(other, torch.tensor([[2, 3, 4]]), photo))
        assert same == (kind == "question-only")


def test_unknown_answerer_is_named() -> None:
    with pytest.raises(ValueError, match="choose one of question-only, vis-lstm"):
        tiny_answerer("transformer")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What’s on the man's T-shirt?", "what 's on the man 's t shirt"),
        ("  How many   dogs?! ", "how many dogs"),
        ("Isn't it 12:30?", "isn 't it 12 30"),
        ("rock'n'roll 'street'", "rock n roll street"),
        ("tape_dispenser", "tape dispenser"),
        ("Cafe\u0301 Привет 猫", "café привет 猫"),
        ("?!… 🐈", ""),
    ],
)
def test_questions_are_split_into_words(question: str, words: str) -> None:
    assert tokenize(question) == words.split()


def ask(text: str, *answers: str, data_set: str = "daquar", photo: str = "daquar/image1", path: str = "1.jpg"):
    return VisualQuestion(data_set, photo, Path(path), text, answers, "other")


def test_vocabulary_merges_spellings_and_keeps_what_is_frequent() -> None:
    questions = [
        ask("what colour is it", "grey"),
        ask("what color is this", "gray"),
        ask("what is rare", "two"),
        ask("how many", *["2"] * 4, *["3"] * 2, *["4"] * 4, data_set="vqa-v2"),
    ]
    vocabulary = Vocabulary.from_questions(questions)
    assert vocabulary.words == [*SPECIAL, "is", "what", "color"]
    assert vocabulary.answers == ["2", "gray"]
    assert vocabulary.encode("Colour of what") == vocabulary.encode("color of what") == [4, UNKNOWN, 3]
    assert vocabulary.aliases == {"colour": "color"}
    assert vocabulary.encode("?") == [UNKNOWN]
    assert len(vocabulary.encode("what " * 50)) == 30


def test_vocabulary_asks_more_of_questions_made_from_captions() -> None:
    made = [ask("what barks", "dog", data_set="generated")] * 4 + [ask("what sleeps", "cat", data_set="generated")] * 3
    vocabulary = Vocabulary.from_questions([*made, *[ask("who sleeps", "owl")] * 2], least_generated=4)
    assert vocabulary.words == [*SPECIAL, "what", "sleeps", "barks", "who"]
    assert vocabulary.answers == ["dog", "owl"]


def test_targets_are_shares_of_the_official_score() -> None:
    vocabulary = Vocabulary([*SPECIAL], ["cat", "dog"])
    question = ask("what", *["cat"] * 5, *["a dog"] * 2, "x", "y", "z", data_set="vqa-v2")
    assert answer_scores(question) == pytest.approx({"cat": 1, "dog": 0.6, "x": 0.3, "y": 0.3, "z": 0.3})
    assert vocabulary.targets(question) == pytest.approx({0: 1 / 2.5, 1: 0.6 / 2.5})
    assert vocabulary.targets(ask("what", "cat", "dog")) == {0: 0.5, 1: 0.5}
    assert vocabulary.targets(ask("what", "bird")) == {}


def test_majority_knows_data_set_and_kind() -> None:
    training = [ask("a", "chair"), ask("b", "chair"), ask("c", "bed"), ask("d", "yes", data_set="generated")]
    answers, confidences = majority(training, [ask("e", "bed"), ask("f", "no", data_set="generated")])
    assert answers == ["chair", "yes"]
    assert confidences == pytest.approx([2 / 3, 1])


@pytest.fixture
def shapes(tmp_path: Path) -> tuple[list[VisualQuestion], PhotoRegions]:
    """Four pictures with questions on their colour, their number, and where they are."""
    questions = []
    for number, color in enumerate(COLORS):
        path = tmp_path / f"{color}.png"
        draw_shape(path, color, "circle")
        for text, *answers in (
            ("what color is the circle on the left", color),
            ("how many circles are there", "one"),
            ("what is on the left side", "circle"),
        ):
            questions.append(ask(text, *answers, photo=f"daquar/image{number}", path=str(path)))
    regions = PhotoRegions(TinyVision(), tmp_path / "cache", mirrored=True)
    regions.add({q.photo: q.path for q in questions})
    return questions, regions


def _dataset(questions, regions, **options) -> tuple[Vocabulary, QuestionDataset]:
    vocabulary = Vocabulary.from_questions(questions, least_words=1, least_answers=1)
    return vocabulary, QuestionDataset(questions, vocabulary, regions, 1, **options)


def test_an_epoch_has_every_given_question_once(shapes) -> None:
    questions, regions = shapes
    made = [ask(f"is it number {n}", "yes", data_set="generated", photo="daquar/image0") for n in range(9)]
    known = [*questions, *made, ask("what", "circle", photo="daquar/image1")]
    vocabulary = Vocabulary.from_questions(known, least_words=1, least_answers=1, least_generated=1)
    unheard = ask("what", "unheard", photo="daquar/image2")  # nothing can be learned from it
    options = {"per_photo": 2, "generated_per_photo": 3, "word_dropout": 0.0, "photo_dropout": 0.0}
    dataset = QuestionDataset([*known, unheard], vocabulary, regions, 1, **options)
    epochs = []
    for epoch in (0, 1, 0):
        dataset.set_epoch(epoch)
        epochs.append([[e.words for e, _ in dataset[i][1]] for i in range(len(dataset))])
    seen = [words for part in epochs[0] for words in part]
    made_words = {tuple(vocabulary.encode(q.question)) for q in made}
    assert sum(words in made_words for words in seen) == 3
    assert len(seen) - 3 == len(questions) + 1
    assert max(map(len, epochs[0])) == 2
    assert epochs[0] == epochs[2] != epochs[1]


def test_the_mirrored_photo_is_asked_with_left_and_right_swapped(shapes) -> None:
    questions, regions = shapes
    questions = [*questions, ask("what is on the right side", "left", photo="daquar/image0")]
    vocabulary, dataset = _dataset(questions, regions, word_dropout=0.0)
    for plain, mirrored in dataset.given["daquar/image0"]:
        words = [vocabulary.words[i] for i in plain.words]
        swapped = [{"left": "right", "right": "left"}.get(word, word) for word in words]
        assert [vocabulary.words[i] for i in mirrored.words] == swapped


def test_crops_are_further_views_of_the_same_photo(shapes, tmp_path: Path) -> None:
    questions, whole = shapes
    cropped = PhotoRegions(TinyVision(), tmp_path / "cache", mirrored=True, crops=1)
    cropped.add({q.photo: q.path for q in questions})
    photo = questions[0].photo
    assert (whole.views, cropped.views) == (2, 4)
    assert [cropped.is_mirrored(view) for view in range(4)] == [False, True, False, True]
    for view in range(2):
        assert (cropped.view(photo, view) == whole.view(photo, view)).all()
        assert (cropped.view(photo, view) != cropped.view(photo, 2 + view)).any()


def test_a_missing_photo_is_zeros_and_a_dropped_word_unknown(shapes) -> None:
    _, dataset = _dataset(*shapes, word_dropout=1.0, photo_dropout=1.0)
    batch = collate([dataset[i] for i in range(4)])
    assert batch["regions"].shape == (5, 49, FEATURES)
    assert not batch["regions"][4].any()
    assert batch["photo"].tolist() == [4] * 12
    assert set(batch["tokens"].unique().tolist()) == {PAD, UNKNOWN}
    torch.testing.assert_close(batch["shares"].sum(1), torch.ones(12))


def _task(shapes, kind: str = "top-down", dropout: float = 0.0) -> VqaTask:
    questions, regions = shapes
    vocabulary, dataset = _dataset(*shapes, word_dropout=0.0, photo_dropout=0.2)
    sizes = {"hidden_size": 48, "embedding_size": 24, "attention_size": 24}
    model = tiny_answerer(kind, len(vocabulary.words), len(vocabulary.answers), dropout, **sizes)
    return VqaTask(model, vocabulary, dataset, {"daquar": questions}, regions, rate=5e-3)


def _config(folder: Path, **options) -> LoopConfig:
    defaults = {"batch_size": 4, "warmup_steps": 5, "ema_decay": 0.0, "bf16": False, "workers": 0}
    return LoopConfig(folder, **{**defaults, **options})


@pytest.mark.parametrize("kind", KINDS[1:])
def test_overfits_questions_that_need_the_photo(shapes, tmp_path: Path, kind: str) -> None:
    questions, regions = shapes
    task = _task(shapes, kind)
    fit(task, _config(tmp_path / "run", epochs=120, validate_every=120))
    model, vocabulary = load(tmp_path / "run" / "best.pt")
    found = probabilities(answer_logits(model, vocabulary, questions, regions), model.temperature.item())
    assert [vocabulary.answers[i] for i in found.argmax(1)] == [
        "1" if "many" in q.question else q.answers[0] for q in questions
    ]
    blind = answer_logits(model, vocabulary, questions, None)
    assert len(set(blind[::3].argmax(1).tolist())) == 1  # without the photo one colour is as good as another
    assert model.temperature.item() != 1


def test_a_student_learns_the_answers_of_its_teacher_alone(shapes, tmp_path: Path) -> None:
    questions, regions = shapes
    fit(_task(shapes), _config(tmp_path / "teacher", epochs=60, validate_every=60))
    teacher, vocabulary = load(tmp_path / "teacher" / "best.pt")
    # The students' own questions have wrong answers, which count for nothing here.
    wrong = [replace(question, answers=("red",)) for question in questions]
    dataset = QuestionDataset(wrong, vocabulary, regions, 1, borrowed_per_photo=2, word_dropout=0.0, photo_dropout=0.0)
    batch = collate([dataset[i] for i in range(len(dataset))])
    assert len(batch["tokens"]) == len(wrong) + 2 * len(COLORS)
    assert (batch["shares"].sum(1) == 0).sum() == 2 * len(COLORS)
    sizes = {"hidden_size": 48, "embedding_size": 24, "attention_size": 24}
    student = tiny_answerer("top-down", len(vocabulary.words), len(vocabulary.answers), 0.0, **sizes)
    task = VqaDistillationTask(
        student, vocabulary, dataset, {"daquar": questions}, regions, 5e-3, teachers=[teacher], cross_entropy_share=0.0
    )
    fit(task, _config(tmp_path / "student", epochs=60, validate_every=60))
    answers = [answer_logits(model, vocabulary, questions, regions).argmax(1) for model in (teacher, student)]
    assert (answers[0] == answers[1]).mean() > 0.9


def test_resuming_gives_the_weights_of_an_uninterrupted_run(shapes, tmp_path: Path) -> None:
    options = {"epochs": 3, "batch_size": 2, "validate_every": 1, "ema_decay": 0.9}
    fit(_task(shapes, dropout=0.3), _config(tmp_path / "whole", **options))
    torch.manual_seed(0)
    fit(_task(shapes, dropout=0.3), _config(tmp_path / "parts", **options, stop_after_steps=3))
    torch.manual_seed(99)
    resumed = _task(shapes, dropout=0.3)
    fit(resumed, _config(tmp_path / "parts", **options), resume=True)
    a, b = (torch.load(tmp_path / run / "last.pt", weights_only=True) for run in ("whole", "parts"))
    for part in ("model", "averaged"):
        assert all(torch.equal(a[part][name], b[part][name]) for name in a[part])
    assert a["progress"]["history"] == b["progress"]["history"]


class TestExport:
    """PyTorch against ONNX, in fp32 and with int8 weights."""

    def _run(self, graph, **inputs) -> list[np.ndarray]:
        session = open_session(graph.SerializeToString())
        read = {value.name for value in session.get_inputs()}  # without attention nothing reads the keys
        return session.run(None, {name: value.numpy() for name, value in inputs.items() if name in read})

    @torch.no_grad()
    @pytest.mark.parametrize("kind", KINDS[1:])
    def test_parity(self, kind: str) -> None:
        model = tiny_answerer(kind, 40, 30, hidden_size=32, embedding_size=24, attention_size=16).eval()
        model.temperature.fill_(1.7)
        graphs = answerer_to_onnx(model)
        for photos, questions, length in ((1, 1, 1), (1, 6, 9), (3, 5, 4)):
            regions = torch.rand(photos, 49, FEATURES)
            tokens = torch.randint(1, 40, (questions, length), dtype=torch.int32)
            tokens[-1, 1:] = PAD
            photo = torch.randint(0, photos, (questions,), dtype=torch.int32)
            features, keys = self._run(graphs["prepare.onnx"], regions=regions)
            for ours, theirs in zip(model.prepare(regions), (features, keys), strict=True):
                np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-4)
            inputs = {"tokens": tokens, "photo": photo, "features": torch.from_numpy(features)}
            found = self._run(graphs["answer.onnx"], **inputs, keys=torch.from_numpy(keys))
            logits, attention = model.answer(tokens, photo, *model.prepare(regions))
            np.testing.assert_allclose(found[0], (logits / 1.7).softmax(-1).numpy(), atol=1e-5)
            np.testing.assert_allclose(found[1], attention.numpy(), atol=1e-5)
            np.testing.assert_allclose(probabilities(logits.numpy(), 1.7), found[0], atol=1e-5)

    @torch.no_grad()
    def test_int8_weights_change_little_and_the_shipped_size_fits(self, tmp_path: Path, monkeypatch) -> None:
        vocabulary = Vocabulary([*SPECIAL, *(f"w{i}" for i in range(3000))], [f"answer {i}" for i in range(1200)])
        model = Answerer(AnswererConfig(len(vocabulary.words), len(vocabulary.answers))).eval()
        export(model, vocabulary, tmp_path, Path("best.pt"))
        manifest = json.loads((tmp_path / "manifest.json").read_text())["models"]["vqa"]
        assert sum(file["bytes"] for file in manifest["files"]) < exporting.LARGEST
        assert [file["path"] for file in manifest["files"]] == [
            "vqa/prepare.onnx",
            "vqa/answer.onnx",
            "vqa/vocabulary.json",
        ]
        words = json.loads((tmp_path / "vqa/vocabulary.json").read_text())
        assert (words["words"], words["answers"], words["maxLength"]) == (vocabulary.words, vocabulary.answers, 30)
        graphs = answerer_to_onnx(model)
        regions = torch.rand(1, 49, FEATURES)
        features, _ = self._run(quantize_weights(graphs["prepare.onnx"]), regions=regions)
        expected = model.prepare(regions)[0].numpy()
        assert np.abs(features - expected).mean() < 0.02 * np.abs(expected).mean()
        monkeypatch.setattr(exporting, "LARGEST", 1000)
        with pytest.raises(ValueError, match="train a smaller one"):
            export(model, vocabulary, tmp_path, Path("best.pt"))
