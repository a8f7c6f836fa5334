"""The language model: its text, its network, what it is compared with, what is looked for in it, and its export."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from training.data import austen
from training.language import exporting, probing
from training.language.__main__ import main
from training.language.characters import Characters, spell
from training.language.dataset import BREAK, Windows, collate, join
from training.language.mapping import NEIGHBOURS, lay_out, word_vectors
from training.language.model import LanguageConfig, LanguageModel, checkpoint_extra
from training.language.ngram import NgramModel
from training.language.train import LanguageTask, surprise
from training.loop import LoopConfig, fit, save_weights

TEXT = 'Emma said, "I am very happy here."\nHer father was not.\n\n"Why?" asked Mr. Weston.\n'


@pytest.fixture
def characters() -> Characters:
    return Characters.from_texts([TEXT])


@pytest.fixture
def model(characters) -> LanguageModel:
    torch.manual_seed(1)
    return LanguageModel(LanguageConfig(len(characters.known), hidden=24, embedding=8)).eval()


class TestText:
    def test_spells_as_the_app_does(self):
        # The same examples stand in lib/language/characters.test.ts.
        assert spell("“Café…”") == '"Cafe..."'
        assert spell("a\r\nb\rc") == "a\nb\nc"
        assert spell("\ta\u00a0b") == " a b"
        assert spell("‘It’s’ — well–nigh") == "'It's' -- well-nigh"
        assert spell("«naïve»") == '"naive"'

    def test_gives_characters_ids_and_back(self, characters):
        assert characters.decode(characters.encode(TEXT)) == TEXT
        assert characters.decode(characters.encode("Emma☃")) == "Emma"

    def test_divides_a_book_at_its_headings(self):
        lines = [
            "EMMA",
            "",
            "VOLUME I",
            "CHAPTER I",
            "",
            "One.  ",
            "Two.",
            "",
            "",
            "",
            "Three.",
            "Volume II",
            "Chapter 2",
            "Four.",
        ]
        assert austen.chapters_of(lines) == ["One.\nTwo.\n\nThree.\n", "Four.\n"]
        assert austen.chapters_of(["the three or four following chapters"]) == []

    def test_keeps_chapters_apart(self):
        splits = [austen.split_of(chapter) for chapter in range(100)]
        assert [splits.count(name) for name in ("train", "dev", "test")] == [90, 5, 5]

    def test_says_what_is_missing(self, tmp_path):
        with pytest.raises(ValueError, match="unpack"):
            austen.load(tmp_path, "dev")

    def test_cuts_windows_that_overlap_by_one(self, characters):
        windows = Windows(np.arange(1000), 50, seed=1)
        first = [windows[i] for i in range(len(windows))]
        assert all(len(window) == 51 for window in first)
        assert all(a[-1] == b[0] for a, b in itertools.pairwise(first))
        windows.set_epoch(1)
        assert windows[0][0] != first[0][0]
        assert windows[len(windows) - 1][-1] < 1000
        assert join(["a\n", "b\n"], Characters("\nab")).tolist() == [0, 0, 1, 0, 0, 2]


class TestModel:
    def test_learns_a_text_by_heart(self, characters, tmp_path):
        ids_N = join([TEXT] * 8, characters)
        network = LanguageModel(LanguageConfig(len(characters.known), hidden=32, embedding=0))
        task = LanguageTask(network, characters, Windows(ids_N, 40, 1), ids_N, rate=2e-2)
        before = -task.validate(network)["negative bits"]
        fit(task, LoopConfig(tmp_path, 30, batch_size=4, ema_decay=0.0, bf16=False, workers=0, warmup_steps=5))
        assert -task.validate(network)["negative bits"] < before / 3

    def test_carries_its_state_across_chunks(self, model, characters):
        ids_N = characters.encode(TEXT)
        whole, parts = surprise(model, ids_N), surprise(model, ids_N, chunk=7)
        assert whole == pytest.approx(parts, abs=1e-5)
        assert len(whole) == len(ids_N) - 1

    def test_one_hot_vectors_are_read_as_embeddings_that_never_learn(self, characters):
        network = LanguageModel(LanguageConfig(len(characters.known), hidden=8, embedding=0))
        read = network.inputs(torch.tensor([[2]]))
        assert read.sum() == 1 and read[0, 0, 2] == 1


class TestNgram:
    def test_is_a_distribution(self):
        generator = np.random.default_rng(1)
        ids_N = np.concatenate([np.tile([0, 1, 2, 0, 1, 3], 50), generator.integers(0, 5, 300)])
        for order in (1, 2, 4):
            ngram = NgramModel(ids_N, order, characters=5)
            for context in ([0, 1], [4, 4], [2, 0]):
                texts = [np.array([*ids_N[:20], *context, last]) for last in range(5)]
                assert sum(2 ** -ngram.surprise(text)[-1] for text in texts) == pytest.approx(1, abs=1e-9)

    def test_counts_what_follows(self):
        ids_N = np.tile([0, 1, 2, 0, 1, 3], 200)
        bits = NgramModel(ids_N, 3, 4).surprise(np.array([2, 0, 1, 2, 0]))
        # After 2 0 always comes 1; after 0 1 as often 2 as 3; after 1 2 always 0.
        assert bits[1] < 0.1 and bits[2] == pytest.approx(1, abs=0.1) and bits[3] < 0.1

    def test_longer_contexts_help(self):
        ids_N = np.tile(np.random.default_rng(2).integers(0, 6, 40), 20)
        means = [NgramModel(ids_N, order, 6).surprise(ids_N).mean() for order in (1, 2, 4)]
        assert means[0] > means[1] > means[2]

    def test_refuses_what_it_cannot_count(self):
        with pytest.raises(ValueError, match="choose n"):
            NgramModel(np.zeros(4, np.int64), 10, 5)


class TestProbing:
    def test_knows_the_properties(self):
        text = 'A "bc d" Ef.\n"g\n\nh'
        assert probing.inside_quotes(text).tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0]
        assert probing.line_length("ab\nc").tolist() == [1, 2, 0, 1]
        assert probing.word_length("ab c.").tolist() == [1, 2, 0, 1, 0]
        assert probing.sentence_length("Mr. A.b").tolist() == [1, 2, 3, 4, 5, 0, 1]
        assert probing.inside_name("An oA b").tolist() == [1, 1, 0, 0, 0, 0, 0]

    def test_area_under_the_curve(self):
        truth = np.array([0, 0, 1, 1])
        values = np.array([[1, 4, 1, 0], [2, 3, 1, 0], [3, 2, 1, 1], [4, 1, 1, 0]], float)
        assert probing.area_under_curve(values, truth).tolist() == [1, 0, 0.5, 0.75]

    def test_finds_the_unit_that_tracks(self, model, characters):
        text = TEXT * 4
        ids_N = characters.encode(text)
        memories_NH = probing.memories(model, ids_N)
        memories_NH[:, 5] = 0.9 - 1.8 * probing.inside_quotes(text)
        memories_NH[:, 7] = probing.line_length(text) / 40
        found = {each["property"]: each for each in probing.find_units((text, memories_NH), (text, memories_NH), 1)}
        assert (found["quotes"]["unit"], found["quotes"]["test"]) == (5, 0)
        assert (found["line"]["unit"], found["line"]["test"]) == (7, 1)

    def test_memories_are_those_of_the_network(self, model, characters):
        ids_N = characters.encode(TEXT)
        _, _, (_, cell_1BH) = model(torch.from_numpy(ids_N).unsqueeze(0))
        assert probing.memories(model, ids_N)[-1] == pytest.approx(cell_1BH[0, 0].detach().numpy(), abs=1e-5)
        half = len(ids_N) // 2
        parts = probing.memories(model, ids_N[: 2 * half], streams=2)
        assert parts[half:] == pytest.approx(probing.memories(model, ids_N[half : 2 * half]), abs=1e-5)


class TestMaps:
    def test_neighbours_are_the_nearest(self):
        generator = np.random.default_rng(1)
        groups = np.repeat(np.eye(3, 16), 10, axis=0) + 0.01 * generator.normal(size=(30, 16))
        xy_N2, neighbours_NK = lay_out(groups, perplexity=5)
        assert xy_N2.min() == 0 and xy_N2.max() == 1
        for point, neighbours in enumerate(neighbours_NK):
            assert point not in neighbours
            assert len(neighbours) == NEIGHBOURS and set(neighbours // 10) == {point // 10}

    def test_words_have_the_state_behind_them(self, model, characters):
        words, vectors_WH = word_vectors(model, characters, "very happy very ")
        _, hidden_1TH, _ = model(torch.from_numpy(characters.encode("very happy very ")).unsqueeze(0))
        hidden = hidden_1TH[0].detach().numpy()
        assert words == ["happy", "very"]
        assert vectors_WH[0] == pytest.approx(hidden[10], abs=1e-5)
        assert vectors_WH[1] == pytest.approx((hidden[4] + hidden[15]) / 2, abs=1e-5)


def run(graph, given, noise=None, temperature=1.0, state=None):
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    sizes = {value.name: value.shape[-1] for value in session.get_inputs()}
    given_TB = np.array(given, np.int32).T
    batch = given_TB.shape[1]
    if noise is None:
        noise = np.full((*given_TB.shape, sizes["noise"]), 0.5, np.float32)
    state = state or {name: np.zeros((batch, sizes[name]), np.float32) for name in ("hidden", "cell")}
    feeds = {**state, "given": given_TB, "noise": noise, "temperature": np.full(batch, temperature, np.float32)}
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds), strict=True))


class TestExport:
    def test_reads_as_pytorch_does(self, model, characters):
        ids = characters.encode(TEXT)
        out = run(exporting.to_scan(exporting.step_to_onnx(model)), [ids])
        assert out["characters"][:, 0].tolist() == ids.tolist()
        assert out["surprise"][1:, 0] == pytest.approx(surprise(model, ids), abs=1e-4)
        assert out["memory"][:, 0] == pytest.approx(probing.memories(model, ids), abs=1e-5)

    def test_int8_weights_cost_little(self, characters):
        torch.manual_seed(2)
        network = LanguageModel(LanguageConfig(len(characters.known), hidden=96, embedding=32)).eval()
        ids = characters.encode(TEXT)
        out = run(exporting.writer_to_onnx(network), [ids])
        assert out["surprise"][1:, 0].mean() == pytest.approx(surprise(network, ids).mean(), abs=0.01)

    def test_draws_the_likeliest_without_temperature(self, model):
        out = run(exporting.to_scan(exporting.step_to_onnx(model)), [[1, 2, -1, -1]], temperature=0)
        logits, _, _ = model(torch.tensor([out["characters"][:, 0].tolist()]))
        assert out["characters"][2:, 0].tolist() == logits[0, 1:3].argmax(-1).tolist()

    @pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
    def test_draws_as_often_as_the_softmax_says(self, model, temperature):
        count = 4000
        given = np.tile([1, 2, -1], (count, 1))
        noise = np.random.default_rng(3).random((3, count, model.config.characters)).astype(np.float32)
        out = run(exporting.to_scan(exporting.step_to_onnx(model)), given, np.clip(noise, 1e-7, 1 - 1e-7), temperature)
        logits, _, _ = model(torch.tensor([[1, 2]]))
        expected = torch.softmax(logits[0, 1] / temperature, -1).detach().numpy()
        drawn = np.bincount(out["characters"][2], minlength=len(expected)) / count
        assert np.abs(drawn - expected).max() < 4 * math.sqrt(expected.max() / count)

    def test_goes_on_from_a_state(self, model):
        graph = exporting.to_scan(exporting.step_to_onnx(model))
        whole = run(graph, [[1, 2, 3, 4]])
        first = run(graph, [[1, 2]])
        second = run(graph, [[3, 4]], state={"hidden": first["next_hidden"], "cell": first["next_cell"]})
        assert second["surprise"] == pytest.approx(whole["surprise"][2:], abs=1e-5)

    def test_writes_files_that_can_be_scored(self, model, characters, tmp_path):
        maps = {"characters": [], "words": []}
        exporting.export(model, characters, [{"unit": 1}], maps, tmp_path, Path("runs/x/best.pt"))
        listed = json.loads((tmp_path / "manifest.json").read_text())["models"]["language"]["files"]
        names = ["writer.onnx", "characters.json", "units.json", "map.json"]
        assert [file["path"] for file in listed] == [f"language/{name}" for name in names]
        about = json.loads((tmp_path / "language/characters.json").read_text())
        assert about == {"characters": characters.known, "begin": BREAK, "hidden": 24}
        ids_N = characters.encode(TEXT)
        exported = exporting.exported_surprise(tmp_path / "language", ids_N, chunk=9)
        assert exported.mean() == pytest.approx(surprise(model, ids_N).mean(), abs=0.02)

    def test_refuses_one_that_is_too_large(self, characters, tmp_path):
        network = LanguageModel(LanguageConfig(len(characters.known), hidden=800))
        with pytest.raises(ValueError, match="more than 2"):
            exporting.export(network, characters, [], {}, tmp_path, Path("x.pt"))


def test_commands_say_what_is_wrong(model, characters, tmp_path, capsys):
    save_weights(tmp_path / "best.pt", model, checkpoint_extra(model, characters))
    assert main(["write", "--checkpoint", str(tmp_path / "best.pt"), "--length", "5", "Emma"]) == 0
    assert len(capsys.readouterr().out.removesuffix("\n")) == 9
    assert main(["evaluate", "--austen", str(tmp_path)]) == 2
    assert "--checkpoint" in capsys.readouterr().err
    assert main(["ngram", "--austen", str(tmp_path)]) == 2
    assert "unpack" in capsys.readouterr().err


def test_collates_windows(characters):
    windows = Windows(np.arange(300), 50, seed=1)
    assert collate([windows[0], windows[1]])["ids"].shape == (2, 51)
