"""Translation: loader, split, subwords, batches, gradients, search, learning by heart, resuming, export."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from training.data.tatoeba import SentencePair, groups, load
from training.loop import LoopConfig, fit, save_weights
from training.metrics.translation import translation_scores
from training.onnx_session import open_session
from training.translation import exporting, search
from training.translation.__main__ import main
from training.translation.dataset import Augmentation, PairBatches, encode_source, pad
from training.translation.model import KINDS, Translator, TranslatorConfig, checkpoint_extra
from training.translation.search import beam_search, longest_translation, translate
from training.translation.train import TranslationTask
from training.translation.vocabulary import END, PAD, START, UNKNOWN, Vocabulary, normalize_english

WHO = {"I am": "Я", "She is": "Она", "He is": "Он", "Tom is": "Том", "Mary is": "Мария", "We are": "Мы"}
WHERE = {"here": "здесь", "there": "там", "at home": "дома", "at work": "на работе", "in the garden": "в саду"}
STILL = {"": "", "still ": "ещё ", "again ": "опять ", "now ": "сейчас "}
PAIRS = [
    SentencePair(f"{who} {still}{where}.", f"{он} {ещё}{где}.")
    for who, он in WHO.items()
    for still, ещё in STILL.items()
    for where, где in WHERE.items()
]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.from_pairs(PAIRS, 60)


@pytest.fixture
def tsv(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{pair.english}\t{pair.russian}\n" for pair in PAIRS), encoding="utf-8")
    return path


def small(vocabulary: Vocabulary, kind: str = "attention", **options) -> Translator:
    sizes = {"embedding_size": 16, "encoder_size": 12, "hidden_size": 20, "dropout": 0.0, "word_dropout": 0.0}
    pieces = len(vocabulary.english.pieces), len(vocabulary.russian.pieces)
    torch.manual_seed(1)
    return Translator(TranslatorConfig(*pieces, kind, **(sizes | options)))


def test_a_sentence_is_in_one_split_only(tsv: Path) -> None:
    train, dev = load(tsv, "train"), load(tsv, "dev")
    assert len(train) + len(dev) == len(PAIRS)
    assert dev
    assert not {pair.english for pair in train} & {pair.english for pair in dev}
    # The order of the file does not matter.
    tsv.write_text("".join(f"{p.english}\t{p.russian}\n" for p in reversed(PAIRS)), encoding="utf-8")
    assert set(load(tsv, "dev")) == set(dev)


def test_groups_are_connected_by_sentences() -> None:
    pairs = [
        SentencePair("I left.", "Я ушёл."),
        SentencePair("I left!", "Я ушла."),
        SentencePair("I went.", "я  ушла"),
        SentencePair("Stay.", "Останься."),
        SentencePair("I have left.", "Я ушел!"),
        SentencePair("?!", "..."),
    ]
    assert sorted(len(group) for group in groups(pairs)) == [1, 1, 4]


@pytest.mark.parametrize("line", ["only english", "a\tb\tc", "a\t ", ""])
def test_says_what_is_wrong_with_a_file(tsv: Path, line: str) -> None:
    tsv.write_text(f"I am.\tЯ.\n{line}\nI go.\tЯ иду.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 2 of pairs\.tsv"):
        load(tsv, "train")


# What `normalizeText` of lib/translation/text.ts gives, as its test holds too.
@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("  “It’s a café…” ", '"It\'s a cafe..."'),
        ("naïve — 5 ½\u00a0km", "naive - 5 1⁄2 km"),
        ("ﬁne\n\ttext", "fine text"),
        ("  ", ""),
    ],
)
def test_normalizes_as_the_app_does(text: str, normalized: str) -> None:
    assert normalize_english(text) == normalized


def _merge(text: str, pieces: list[str]) -> list[str]:
    """`splitSubwords` of lib/translation/subwords.ts."""
    ids = {piece: i for i, piece in enumerate(pieces)}
    found = []
    for word in text.split(" "):
        parts = list(f"▁{word}")
        while True:
            known = [(ids[a + b], i) for i, (a, b) in enumerate(pairwise(parts)) if a + b in ids]
            if not known:
                break
            _, i = min(known)
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        found += parts
    return found


def test_splits_subwords_as_the_app_does(vocabulary: Vocabulary) -> None:
    subwords = vocabulary.english
    for text in [pair.english for pair in PAIRS] + ["theretheresheishe", "s h e", "Tomatwork isis."]:
        assert [subwords.pieces[i] for i in subwords.encode(text)] == _merge(text, subwords.pieces)


def test_subwords_lose_nothing_and_drop_merges_at_random(vocabulary: Vocabulary) -> None:
    for pair in PAIRS:
        ids = vocabulary.russian.encode(pair.russian)
        assert vocabulary.russian.decode([START, *ids, END, PAD]) == pair.russian
        assert vocabulary.russian.decode(vocabulary.russian.encode(pair.russian, 0.3)) == pair.russian
    text = PAIRS[0].russian
    assert len({tuple(vocabulary.russian.encode(text, 0.3)) for _ in range(20)}) > 1


def test_batches_are_the_same_for_the_same_epoch(vocabulary: Vocabulary) -> None:
    made = []
    for _ in range(2):
        dataset = PairBatches(PAIRS, vocabulary, 3, 16, Augmentation(0.2, 0.3))
        dataset.set_epoch(5)
        made.append([dataset[i]["target"].tolist() for i in range(len(dataset))])
    assert made[0] == made[1]
    dataset.set_epoch(6)
    assert made[0] != [dataset[i]["target"].tolist() for i in range(len(dataset))]
    # Some pairs are followed by another one.
    texts = [vocabulary.russian.decode(row) for batch in made[0] for row in batch]
    assert any(text.count(".") == 2 for text in texts)
    assert any(text.count(".") == 1 for text in texts)


@pytest.mark.parametrize("kind", KINDS)
def test_padding_changes_nothing(vocabulary: Vocabulary, kind: str) -> None:
    model = small(vocabulary, kind).eval()
    rows = [encode_source(vocabulary, text) for text in ("I am here.", "We are still in the garden.")]
    together, _ = (value.detach() for value in model.encode(pad(rows)))
    state = model.encode(pad(rows))[1]
    for i, row in enumerate(rows):
        memory, alone = model.encode(pad([row]))
        torch.testing.assert_close(together[i, : len(row)], memory[0])
        torch.testing.assert_close(state[i], alone[0])
    target = [[START, *vocabulary.russian.encode("Мы здесь."), END], [START, END]]
    both = model(pad(rows), pad(target))
    torch.testing.assert_close(both[-1], model(pad(rows[1:]), pad(target[1:]))[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_at_a_time_is_teacher_forcing(vocabulary: Vocabulary, kind: str) -> None:
    model = small(vocabulary, kind).eval()
    source = pad([encode_source(vocabulary, "Tom is at work.")])
    target = pad([[START, *vocabulary.russian.encode("Том на работе."), END]])
    logits_NV = model(source, target)
    memory, state = model.encode(source)
    state = state.unsqueeze(1)
    for t in range(target.shape[1] - 1):
        logits, state, attention = model.step(target[:, t : t + 1], state, memory, (source != PAD).float())
        torch.testing.assert_close(logits[0, 0], logits_NV[t])
        if kind == "attention":
            assert attention.shape == (1, 1, source.shape[1])
            torch.testing.assert_close(attention.sum(-1), torch.ones(1, 1))
        else:
            assert attention is None


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_finite_differences(vocabulary: Vocabulary, kind: str) -> None:
    model = small(vocabulary, kind, embedding_size=5, encoder_size=4, hidden_size=6).double()
    source = pad([encode_source(vocabulary, "I am here."), encode_source(vocabulary, "We are there again.")])
    target = pad([[START, *vocabulary.russian.encode("Я здесь."), END], [START, 7, END]])
    # Padding's rows are kept at zero, whatever the loss would have them be.
    weights = [p for name, p in model.named_parameters() if "embedding" not in name]

    def loss() -> torch.Tensor:
        real = (target[:, 1:] != PAD).nonzero()
        memory, state = model.encode(source)
        return nn.functional.cross_entropy(
            _teacher_forced(model, source, target, memory, state), target[:, 1:][real[:, 0], real[:, 1]]
        )

    gradients = torch.autograd.grad(loss(), weights)
    generator = np.random.default_rng(1)
    for weight, gradient in zip(weights, gradients, strict=True):
        at = int(generator.integers(weight.numel()))
        flat = weight.data.view(-1)
        kept = flat[at].item()
        ends = []
        for shift in (1e-5, -1e-5):
            flat[at] = kept + shift
            ends.append(loss().item())
        flat[at] = kept
        assert gradient.reshape(-1)[at].item() == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-4, abs=1e-8)


def _teacher_forced(model, source, target, memory, state):
    """As `Translator.forward`, in the weights' own precision."""
    rows = []
    state = state.unsqueeze(1)
    for t in range(target.shape[1] - 1):
        logits, state, _ = model.step(target[:, t : t + 1], state, memory, (source != PAD).to(memory))
        rows.append(logits[:, 0])
    return torch.stack(rows, dim=1)[target[:, 1:] != PAD]


@pytest.mark.parametrize("kind", KINDS)
def test_learns_by_heart_and_translates(vocabulary: Vocabulary, kind: str) -> None:
    pairs = PAIRS[::15]
    model = small(vocabulary, kind, embedding_size=32, encoder_size=32, hidden_size=48)
    dataset = PairBatches(pairs, vocabulary, 1, 8, Augmentation(0.0, 0.0))
    task = TranslationTask(model, vocabulary, dataset, pairs, smoothing=0.0)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
    for _ in range(300):
        for i in range(len(dataset)):
            loss, _ = task.loss(model, dataset[i])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    scores = task.validate(model.eval())
    assert scores["chrF"] > 95
    found = translate(model, vocabulary, [pair.english for pair in pairs], beam=3)
    assert sum(best[0] == pair.russian for best, pair in zip(found, pairs, strict=True)) >= 7


def test_beam_search_keeps_its_promises(vocabulary: Vocabulary) -> None:
    model = small(vocabulary).eval()
    source = pad([encode_source(vocabulary, text) for text in ("I am here.", "Tom")])
    for row, found in zip(source, beam_search(model, source, beam=4), strict=True):
        assert len(found) == 4
        assert len({h.tokens for h in found}) == 4
        assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
        alone = pad([row[row != PAD].tolist()])
        for hypothesis in found:
            tokens = hypothesis.tokens
            assert 0 < len(tokens) <= longest_translation(int((row != PAD).sum()))
            assert not {PAD, START, END, UNKNOWN} & set(tokens)
            logits_NV = model(alone, pad([[START, *tokens, END]]))
            chosen = torch.log_softmax(logits_NV, -1)[range(len(tokens) + 1), [*tokens, END]]
            assert hypothesis.log_probability == pytest.approx(chosen.sum().item(), abs=1e-4)
            assert hypothesis.score == pytest.approx(hypothesis.log_probability / (len(tokens) + 1))


def test_resumed_run_ends_as_one_that_was_never_interrupted(vocabulary: Vocabulary, tmp_path: Path) -> None:
    def run(folder: Path, stop: int | None = None, resume: bool = False) -> dict:
        dataset = PairBatches(PAIRS, vocabulary, 2, 20, Augmentation(0.2, 0.2))
        model = small(vocabulary, dropout=0.2, word_dropout=0.2)
        task = TranslationTask(model, vocabulary, dataset, PAIRS[:4])
        config = LoopConfig(folder, 2, 1, seed=2, bf16=False, workers=0, stop_after_steps=stop)
        fit(task, config, resume)
        return torch.load(folder / "last.pt", weights_only=True)["model"]

    whole = run(tmp_path / "whole")
    run(tmp_path / "parts", stop=8)
    parts = run(tmp_path / "parts", resume=True)
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, rtol=0, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_exports_what_it_computes(vocabulary: Vocabulary, kind: str) -> None:
    model = small(vocabulary, kind).eval()
    encode, step = (open_session(g.SerializeToString()) for g in exporting.translator_to_onnx(model))
    source = pad([encode_source(vocabulary, text) for text in ("I am here.", "We are still in the garden.", "Tom")])
    with torch.no_grad():
        memory, state = model.encode(source)
        tokens = torch.tensor([[START, 5], [6, 7], [8, START]])
        states = state.unsqueeze(1).repeat(1, 2, 1)
        logits, following, attention = model.step(tokens, states, memory, (source != PAD).float())
    fed = {"source": source.int().numpy()}
    encoded = dict(zip([o.name for o in encode.get_outputs()], encode.run(None, fed), strict=True))
    np.testing.assert_allclose(encoded["state"], state, atol=1e-5)
    inputs = {"tokens": tokens.int().numpy(), "state": states.numpy()}
    if kind == "attention":
        np.testing.assert_allclose(encoded["memory"], memory, atol=1e-5)
        inputs |= {"memory": encoded["memory"], **fed}
    outputs = dict(zip([o.name for o in step.get_outputs()], step.run(None, inputs), strict=True))
    np.testing.assert_allclose(outputs["logProbabilities"], torch.log_softmax(logits, -1), atol=1e-4)
    np.testing.assert_allclose(outputs["nextState"], following, atol=1e-5)
    if kind == "attention":
        np.testing.assert_allclose(outputs["attention"], attention, atol=1e-5)
    else:
        assert "attention" not in outputs


def test_trains_evaluates_translates_and_exports(
    tsv: Path, vocabulary: Vocabulary, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    common = ["--pairs", str(tsv), "--subwords", "60", "--embedding-size", "16", "--encoder-size", "12"]
    for kind in KINDS:
        sizes = ["--hidden-size", "20", "--epochs", "2", "--batch-size", "32", "--kind", kind]
        assert main(["train", *common, *sizes, "--out", str(tmp_path / kind)]) == 0
    attention, plain = (str(tmp_path / kind / "best.pt") for kind in KINDS)
    metrics = tmp_path / "metrics.json"
    assert main(["evaluate", "--pairs", str(tsv), "--checkpoint", attention, "--write", str(metrics)]) == 0
    (row,) = json.loads(metrics.read_text())["rows"]
    assert (row["model"], row["data"], row["pairs"]) == ("attention", "tatoeba dev", len(load(tsv, "dev")))
    assert 0 <= row["chrF"] <= 100
    capsys.readouterr()
    assert main(["translate", "--checkpoint", plain, "I am here.", "--beam-width", "2"]) == 0
    assert capsys.readouterr().out.startswith("I am here.\n  ")
    models = tmp_path / "models"
    assert main(["export", "--checkpoint", attention, "--plain", plain, "--models", str(models)]) == 0
    known = json.loads((models / "translation/vocabulary.json").read_text())
    assert known["russian"][:4] == ["<pad>", "<unk>", "<start>", "<end>"]
    assert known["maxLength"] == search.LONGEST
    listed = json.loads((models / "manifest.json").read_text())["models"]["translation"]["files"]
    assert [file["path"].split("/")[1] for file in listed] == [
        "attention-encode.onnx",
        "attention-step.onnx",
        "plain-encode.onnx",
        "plain-step.onnx",
        "vocabulary.json",
    ]
    # In the other order they are not what is asked for.
    assert main(["export", "--checkpoint", plain, "--plain", attention, "--models", str(models)]) == 2


def test_refuses_to_export_what_is_too_large_or_does_not_belong_together(
    vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Vocabulary.from_pairs(PAIRS, 55)
    for kind, known in zip(KINDS, (vocabulary, other), strict=True):
        model = small(known, kind)
        save_weights(tmp_path / f"{kind}.pt", model, checkpoint_extra(model, known))
    attention, plain = (tmp_path / f"{kind}.pt" for kind in KINDS)
    with pytest.raises(ValueError, match="other subwords"):
        exporting.export(attention, plain, tmp_path)
    model = small(vocabulary, "plain")
    save_weights(plain, model, checkpoint_extra(model, vocabulary))
    monkeypatch.setattr(exporting, "LARGEST", 1000)
    with pytest.raises(ValueError, match="train smaller ones"):
        exporting.export(attention, plain, tmp_path)


def test_scores_whole_texts() -> None:
    assert translation_scores(["Я здесь.", "Он там."], ["Я здесь.", "Он там."])["chrF"] == pytest.approx(100)
    assert translation_scores(["Она", "Мы"], ["Я здесь.", "Он там."])["BLEU"] < 5
