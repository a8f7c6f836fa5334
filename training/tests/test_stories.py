"""Stories: loader, arrays, renaming, learning by heart, resuming, gradients, export."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from training.data.babi import TASKS, StoryQuestion, load, words_of
from training.loop import LoopConfig, fit, save_weights
from training.onnx_session import open_session
from training.stories import exporting
from training.stories.__main__ import main
from training.stories.dataset import LONGEST, StoryArrays, StoryBatches, collate, distinct
from training.stories.model import StoryConfig, StoryReader, checkpoint_extra
from training.stories.renaming import Renaming
from training.stories.train import StoryTask, answer, fit_temperature
from training.stories.vocabulary import PAD, UNKNOWN, Vocabulary

PLACES = ("kitchen", "office", "garden", "bathroom")


@pytest.fixture
def babi(tmp_path: Path) -> Path:
    """A folder with 20 stories a task, each of two sentences, a question, a third sentence and another question."""
    folder = tmp_path / "babi"
    folder.mkdir()
    for task in range(1, len(TASKS) + 1):
        lines = []
        for story in range(20):
            first, second, third = (PLACES[(story + task + shift) % 4] for shift in (0, 1, 2))
            lines += [
                f"1 Mary went to the {first}.",
                f"2 John moved to the {second}.",
                f"3 Where is Mary? \t{first}\t1",
            ]
            lines += [f"4 Mary went to the {third}.", f"5 Where is Mary?\t{third}\t4"]
        for split in ("train", "test"):
            (folder / f"qa{task}_some-task_{split}.txt").write_text("\n".join(lines) + "\n")
    return folder


def few() -> list[StoryQuestion]:
    """Four stories that differ in what is to be found."""
    return [
        StoryQuestion(1, ("Mary went to the kitchen.", "John went to the office."), "Where is Mary?", "kitchen", (0,)),
        StoryQuestion(1, ("Mary went to the kitchen.", "John went to the office."), "Where is John?", "office", (1,)),
        StoryQuestion(1, ("John went to the garden.",), "Where is John?", "garden", (0,)),
        StoryQuestion(1, ("John went to the garden.", "Mary left.", "John went out."), "Is Mary in?", "no", (1,)),
    ]


def small(vocabulary: Vocabulary, **options) -> StoryReader:
    sizes = {"units": 16, "hops": 2, "dropout": 0.0, **options}
    return StoryReader(StoryConfig(len(vocabulary.words), len(vocabulary.answers), **sizes))


def test_loads_questions_with_what_came_before_them(babi: Path) -> None:
    questions = load(babi, "train")
    assert len(questions) == 20 * 18 * 2  # every tenth story is kept apart
    first, second = questions[:2]
    assert first.story == ("Mary went to the office.", "John moved to the garden.")
    assert (first.question, first.answer, first.facts) == ("Where is Mary?", "office", (0,))
    assert second.story == (*first.story, "Mary went to the bathroom.")
    assert second.facts == (2,)
    assert len(load(babi, "dev")) == 20 * 2 * 2
    assert len(load(babi, "test")) == 20 * 20 * 2


def test_says_what_is_wrong_with_a_folder(babi: Path) -> None:
    (babi / "qa7_some-task_train.txt").write_text("1 Mary went.\nno number\n")
    with pytest.raises(ValueError, match=r"line 2 of qa7_some-task_train\.txt"):
        load(babi, "train")
    (babi / "qa7_some-task_train.txt").unlink()
    with pytest.raises(ValueError, match="has 0 files qa7_"):
        load(babi, "train")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mary moved to the bathroom.", ["mary", "moved", "to", "the", "bathroom"]),
        ("  What's NORTH-west of Büro_7?", ["what", "s", "north", "west", "of", "büro", "7"]),
        ("Мэри пошла на кухню!", ["мэри", "пошла", "на", "кухню"]),
        ("…—!", []),
    ],
)
def test_splits_words_as_the_app_does(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_keeps_a_sentence_once_and_marks_what_supports_the_answer() -> None:
    questions = few()
    vocabulary = Vocabulary.from_questions(questions)
    arrays = StoryArrays(questions, vocabulary)
    assert len(arrays.sentences_SW) == 1 + 5
    assert (arrays.story_BM[0] == arrays.story_BM[1]).all()
    assert arrays.fact_BM.tolist() == [
        [True, False, False],
        [False, True, False],
        [True, False, False],
        [False, True, False],
    ]
    assert sorted(np.concatenate(arrays.batches(3)).tolist()) == [0, 1, 2, 3]
    long = StoryQuestion(3, tuple(f"Mary went {i}." for i in range(LONGEST + 5)), "Where?", "kitchen", (0, LONGEST))
    cut = StoryArrays([long], vocabulary)
    assert cut.story_BM.shape == (1, LONGEST)
    assert np.flatnonzero(cut.fact_BM).tolist() == [LONGEST - 5]


def test_renames_story_question_and_answer_alike(babi: Path) -> None:
    questions = load(babi, "train")
    vocabulary = Vocabulary.from_questions(questions)
    arrays = StoryArrays(questions, vocabulary)
    batches = StoryBatches(arrays, vocabulary, questions, seed=1, size=32, word_dropout=0.0)
    told = set()
    for index in range(len(batches)):
        batch = batches[index]
        for b, answer_index in enumerate(batch["answer"]):
            # The supporting sentence still ends with the place that is the answer, and names who is asked about.
            sentence = batch["sentences"][batch["story"][b][batch["fact"][b]][0]]
            words = [vocabulary.words[i] for i in sentence if i != PAD]
            assert words[-1] == vocabulary.answers[answer_index]
            asked = [vocabulary.words[i] for i in batch["questions"][b] if i != PAD]
            assert words[0] == asked[-1]
            told.add(" ".join(words))
    assert len(told) == 4  # Mary in each of four places: she is the only woman


def test_turns_the_compass_and_leaves_motives_alone() -> None:
    texts = ("North east south west. n,e e,s s,w w,n left right above below rectangle square kitchen office",)
    questions = [
        StoryQuestion(19, texts, "north?", answer, ()) for answer in ("n,e", "e,s", "s,w", "w,n", "e,n", "s,e")
    ]
    vocabulary = Vocabulary.from_questions(questions)
    words = frozenset(vocabulary.words)
    renaming = Renaming(vocabulary, [words] * len(TASKS))
    generator = np.random.default_rng(1)
    seen = set()
    for _ in range(50):
        ids, answers = renaming.draw(19, generator)
        north, east = (vocabulary.words[ids[vocabulary.ids[word]]] for word in ("north", "east"))
        expected = vocabulary.answer_ids.get(f"{north[0]},{east[0]}", -1)
        assert answers[vocabulary.answer_ids["n,e"]] == expected
        seen.add((north, east))
    assert len(seen) == 8  # the symmetries of a square
    ids, _ = renaming.draw(20, generator)
    assert ids[vocabulary.ids["kitchen"]] == vocabulary.ids["kitchen"]


def test_reads_each_sentence_of_a_batch_once() -> None:
    words = np.array([[[2, 3, 0, 0], [4, 0, 0, 0]], [[4, 0, 0, 0], [0, 0, 0, 0]]])
    sentences_SW, story_BM = distinct(words)
    assert sentences_SW.shape == (3, 2)
    assert (sentences_SW[story_BM] == words[:, :, :2]).all()


@pytest.mark.parametrize(("encoder", "context"), [("position", "none"), ("gru", "both"), ("position", "forward")])
def test_padding_changes_nothing(encoder: str, context: str) -> None:
    questions = few()
    vocabulary = Vocabulary.from_questions(questions)
    model = small(vocabulary, encoder=encoder, context=context)
    together, _ = answer(model, StoryArrays(questions, vocabulary))
    for b, question in enumerate(questions):
        alone, _ = answer(model, StoryArrays([question], vocabulary))
        assert np.allclose(together[b], alone[0], atol=1e-5)


def test_weighs_words_by_their_position() -> None:
    vocabulary = Vocabulary(("<pad>", "<unk>", "a", "b"), ("yes",))
    encoder = small(vocabulary, units=4, encoder="position").sentence
    encoder.embedding.weight.data[2:] = torch.tensor([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    # Sukhbaatar et al. 2015: l_kj = (1 − j/J) − (k/d)(1 − 2j/J), worked out by hand for J = 2 and d = 4.
    first, last = torch.tensor([0.5, 0.5, 0.5, 0.5]), torch.tensor([0.25, 0.5, 0.75, 1.0])
    expected = first * encoder.embedding.weight[2] + last * encoder.embedding.weight[3]
    assert torch.allclose(encoder(torch.tensor([[2, 3, PAD]]))[0], expected)
    assert torch.equal(encoder(torch.tensor([[PAD, PAD]]))[0], torch.zeros(4))


def test_gradients_are_those_of_finite_differences() -> None:
    questions = few()
    vocabulary = Vocabulary.from_questions(questions)
    model = small(vocabulary, units=4, encoder="position", context="none").double()
    arrays = StoryArrays(questions, vocabulary)
    dataset = StoryBatches(arrays, vocabulary, questions, 1, 4, rename=False, word_dropout=0.0)
    task = StoryTask(model, vocabulary, dataset, arrays, facts_share=0.5)
    batch = collate([dataset[0]])
    task.loss(model, batch)[0].backward()
    for parameter in (model.sentence.embedding.weight, model.ages, model.queries[0].weight, model.gate.weight):
        place = int(parameter.grad.abs().argmax())
        flat = parameter.data.view(-1)
        losses = []
        for step in (1e-6, -2e-6):
            flat[place] += step
            losses.append(task.loss(model, batch)[0].item())
        flat[place] += 1e-6
        assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(parameter.grad.view(-1)[place].item(), rel=1e-3)


def test_learns_four_stories_by_heart() -> None:
    questions = few()
    vocabulary = Vocabulary.from_questions(questions)
    model = small(vocabulary)
    arrays = StoryArrays(questions, vocabulary)
    dataset = StoryBatches(arrays, vocabulary, questions, 1, 4, rename=False, word_dropout=0.0)
    task = StoryTask(model, vocabulary, dataset, arrays, facts_share=1.0)
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    batch = collate([dataset[0]])
    for _ in range(150):
        optimizer.zero_grad()
        task.loss(model, batch)[0].backward()
        optimizer.step()
    logits_BA, seen_B = answer(model, arrays)
    assert [vocabulary.answers[i] for i in logits_BA.argmax(1)] == [question.answer for question in questions]
    assert seen_B.min() > 0.8


def test_finds_the_temperature() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 5))
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    answers = np.array([generator.choice(5, p=row) for row in probabilities])
    assert fit_temperature(3 * logits, answers) == pytest.approx(3, rel=0.15)


def test_resumed_run_ends_as_one_that_was_never_interrupted(tmp_path: Path) -> None:
    # The score is a mean over the tasks.
    questions = [replace(few()[task % 4], task=task) for task in range(1, len(TASKS) + 1)]
    vocabulary = Vocabulary.from_questions(questions)
    arrays = StoryArrays(questions, vocabulary)

    def task() -> StoryTask:
        torch.manual_seed(5)
        dataset = StoryBatches(arrays, vocabulary, questions, 1, 4, word_dropout=0.1)
        return StoryTask(small(vocabulary, dropout=0.2), vocabulary, dataset, arrays, linear_epochs=1, facts_share=0.1)

    options = {"epochs": 3, "batch_size": 1, "bf16": False, "workers": 0}
    whole = task()
    fit(whole, LoopConfig(tmp_path / "whole", **options))
    fit(task(), LoopConfig(tmp_path / "parts", **options, stop_after_steps=4))  # in the middle of the second epoch
    parts = task()
    fit(parts, LoopConfig(tmp_path / "parts", **options), resume=True)
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, parts.model.state_dict()[name]), name


def test_trains_evaluates_asks_and_exports(babi: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    options = ["train", "--babi", str(babi), "--units", "8", "--hops", "2", "--batch-size", "90", "--epochs", "2"]
    assert main([*options, "--out", str(tmp_path / "run")]) == 0
    assert main([*options, "--out", str(tmp_path / "run")]) == 2  # it holds a run already

    checkpoint = ["--checkpoint", str(tmp_path / "run" / "best.pt")]
    metrics = tmp_path / "models" / "stories" / "metrics.json"
    assert main(["evaluate", "--babi", str(babi), "--split", "test", *checkpoint, "--write", str(metrics)]) == 0
    (row,) = json.loads(metrics.read_text())["rows"]
    assert (row["data"], row["questions"]) == ("babi test", 800)
    (by_task,) = json.loads(metrics.with_name("tasks.json").read_text())["rows"]
    assert [name for name in by_task if name[0].isdigit()] == [f"{n} {name}" for n, name in enumerate(TASKS, 1)]
    assert main(["evaluate", "--babi", str(babi)]) == 2

    capsys.readouterr()
    assert main(["ask", *checkpoint, "--question", "Where is Mary?", "Mary went to the kitchen.", "John left."]) == 0
    first, *sentences = capsys.readouterr().out.splitlines()
    assert len(first.split(", ")) == 3
    assert [line.split("  ")[-1] for line in sentences] == ["Mary went to the kitchen.", "John left."]
    assert [len(line.split("  ")) for line in sentences] == [3, 3]

    assert main(["export", *checkpoint, "--models", str(tmp_path / "models")]) == 0
    manifest = json.loads((tmp_path / "models" / "manifest.json").read_text())
    assert [file["path"] for file in manifest["models"]["stories"]["files"]] == [
        "stories/answer.onnx",
        "stories/vocabulary.json",
    ]


@pytest.mark.parametrize(("encoder", "context"), [("position", "none"), ("gru", "both")])
def test_exports_what_it_computes(encoder: str, context: str) -> None:
    questions = few()
    vocabulary = Vocabulary.from_questions(questions)
    model = small(vocabulary, encoder=encoder, context=context, hops=3).eval()
    model.temperature.fill_(1.5)
    graph = exporting.reader_to_onnx(model)
    onnx.checker.check_model(graph)
    session = open_session(graph.SerializeToString())
    # Other sizes than the example of the export, and unlike lengths.
    story = np.array([[[2, 3, 4, 5], [6, 7, 0, 0], [2, UNKNOWN, 0, 0]], [[3, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]])
    question = np.array([[2, 3, 4], [5, 0, 0]])
    inputs = {"story": story.astype(np.int32), "question": question.astype(np.int32)}
    probabilities, attention = session.run(None, inputs)
    with torch.no_grad():
        expected = exporting.Answer(model)(torch.from_numpy(story), torch.from_numpy(question))
    assert np.allclose(probabilities, expected[0].numpy(), atol=1e-5)
    assert np.allclose(attention, expected[1].numpy(), atol=1e-5)
    assert attention.shape == (2, 3, 3)
    assert np.allclose(attention.sum(2), 1, atol=1e-5)
    assert attention[1, :, 1:].max() < 1e-6


def test_refuses_to_export_what_is_too_large(tmp_path: Path) -> None:
    vocabulary = Vocabulary.from_questions(few())
    model = small(vocabulary, units=512, hops=6)
    save_weights(tmp_path / "best.pt", model, checkpoint_extra(model, vocabulary))
    assert main(["export", "--checkpoint", str(tmp_path / "best.pt"), "--models", str(tmp_path / "models")]) == 2
    assert not (tmp_path / "models").exists()
