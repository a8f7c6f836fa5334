"""Handwriting synthesis: gradients, the steps against whole lines, overfitting, export, evaluation, resuming."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from training.data.ink import to_offsets
from training.data.ink_batches import STEPS, InkBatches, single_batches, stack
from training.data.ink_cleaning import Cleaning, clean
from training.device import mixed_precision
from training.handwriting import drawing, evaluation, exporting
from training.handwriting.__main__ import main
from training.handwriting.mixture import mixture, negative_log_likelihood, sample
from training.handwriting.model import END, State, Synthesizer, SynthesizerConfig
from training.handwriting.synthesis import DREAM_POINTS, POINTS_PER_CHARACTER, Prime, style_of, to_ids, write
from training.handwriting.train import SynthesisTask, hide_text, nats, with_end
from training.handwriting.window import WindowedLSTM, parallel_window
from training.loop import LoopConfig, fit, save_weights
from training.onnx_session import open_session
from training.reading.model import Reader, ReaderConfig
from training.tests.test_ink import clean_ink, ink, written


def small(**options) -> Synthesizer:
    sizes = {"writers": ["a", "b"], "hidden": 24, "mixtures": 4, "windows": 3, "characters": 8, "style": 4}
    return Synthesizer(SynthesizerConfig(**{**sizes, **options}))


def text_ids(batch: int, length: int) -> torch.Tensor:
    ids = torch.randint(1, END, (batch, length))
    ids[:, -1] = END
    return ids


def test_mixture_gradients_are_those_of_finite_differences() -> None:
    outputs = torch.randn(5, 2 + 6 * 3, dtype=torch.float64, requires_grad=True)
    targets = torch.randn(5, 3, dtype=torch.float64)
    targets[:, 2] = torch.tensor([0, 1, 0, 1, 1])
    ends = torch.tensor([0, 0, 0, 0, 1], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda o: negative_log_likelihood(o, targets, ends), outputs)


def test_mixture_density_is_that_of_torch() -> None:
    outputs = torch.randn(7, 2 + 6 * 3, dtype=torch.float64)
    found = mixture(outputs)
    rho = torch.tanh(found.correlation)
    sx, sy = found.log_deviation_x.exp(), found.log_deviation_y.exp()
    covariance = torch.stack([sx**2, rho * sx * sy, rho * sx * sy, sy**2], -1).unflatten(-1, (2, 2))
    normal = torch.distributions.MultivariateNormal(torch.stack([found.mean_x, found.mean_y], -1), covariance)
    points = torch.randn(7, 2, dtype=torch.float64)
    expected = torch.logsumexp(found.log_weights + normal.log_prob(points.unsqueeze(1)), -1)
    targets = torch.cat([points, torch.zeros(7, 1)], -1)
    lift = torch.nn.functional.softplus(found.lift)
    torch.testing.assert_close(negative_log_likelihood(outputs, targets, torch.zeros(7)), lift - expected)


def test_samples_have_the_moments_of_the_mixture() -> None:
    outputs = torch.tensor([0.5, -9.0, 0.0, 0.0, 2.0, 2.0, -1.0, -1.0, 0.1, 0.1, -0.4, -0.4, 0.7, 0.7])
    noise = torch.cat([torch.rand(20000, 1), torch.randn(20000, 2), torch.rand(20000, 1)], 1)
    points = sample(mixture(outputs.expand(20000, -1)), noise)
    rho = torch.tanh(torch.tensor(0.7))
    assert torch.allclose(points.mean(0), torch.tensor([2.0, -1.0, torch.tensor(0.5).sigmoid()]), atol=0.03)
    assert torch.allclose(points[:, :2].T.corrcoef()[0, 1], rho, atol=0.02)
    assert torch.allclose(points[:, :2].std(0).log(), torch.tensor([0.1, -0.4]), atol=0.02)
    surer = sample(mixture(outputs.expand(20000, -1), 1.0), noise)
    assert torch.allclose(surer[:, :2].std(0).log(), torch.tensor([-0.9, -1.4]), atol=0.02)


def test_extreme_outputs_give_finite_losses_and_gradients() -> None:
    for size in (1e2, 1e4):
        outputs = (torch.randn(50, 2 + 6 * 3) * size).requires_grad_()
        loss = negative_log_likelihood(outputs, torch.tensor([[40.0, -30.0, 1.0]]).expand(50, 3), torch.ones(50)).sum()
        loss.backward()
        assert torch.isfinite(loss)
        assert torch.isfinite(outputs.grad).all()


def test_window_gradients_are_those_of_finite_differences() -> None:
    steps, batch, units, size, characters, components = 4, 2, 3, 2, 5, 2
    double = {"dtype": torch.float64, "requires_grad": True}
    arguments = [
        torch.randn(steps, batch, 4 * units, **double),
        torch.randn(4 * units, units, **double),
        torch.randn(4 * units, size, **double),
        torch.randn(3 * components, units, **double),
        torch.randn(3 * components, **double),
        torch.randn(batch, characters, size, **double),
    ]
    assert torch.autograd.gradcheck(lambda *a: WindowedLSTM.apply(*a, torch.float64)[:2], arguments)
    parameters = torch.randn(steps, batch, 3 * components, **double)
    assert torch.autograd.gradcheck(lambda p, c: parallel_window(p, c, chunk=3)[0], (parameters, arguments[-1]))


def test_steps_compute_what_whole_lines_do() -> None:
    for feedback in (True, False):
        model = small(feedback=feedback).eval()
        offsets, text, writers = torch.randn(2, 9, 3), text_ids(2, 6), torch.tensor([0, 2])
        with torch.no_grad():
            whole = model(offsets, text, writers)
            state = model.start(2)
            point = torch.tensor([[0.0, 0.0, 1.0]]).expand(2, 3)
            for t in range(9):
                outputs, _, state = model.step(point, state, model.characters(text), model.styles(writers))
                torch.testing.assert_close(outputs, whole[t], atol=1e-5, rtol=1e-4)
                point = offsets[:, t]


def test_bf16_changes_little() -> None:
    model = small()
    offsets, text, writers = torch.randn(2, 30, 3), text_ids(2, 6), torch.tensor([0, 2])
    exact = model(offsets, text, writers)
    with mixed_precision(torch.device("cpu")):  # the same numbers where the CPU has no bf16
        rough = model(offsets, text, writers)
    assert (exact - rough).abs().max() < 0.1
    negative_log_likelihood(rough, offsets.transpose(0, 1), torch.zeros(30, 2)).mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def taught(offsets: np.ndarray, text: str, steps: int) -> tuple[Synthesizer, float]:
    """A small model after some steps on a line, and its last loss in nats a point."""
    model = small(hidden=64)
    batch = stack([(offsets, text, 1)] * 4)
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, 1e-4)
    for _ in range(steps):
        # Noise, so that it can go on from what it wrote itself, which is never exactly what it learnt.
        noise = 0.08 * torch.randn_like(batch["offsets"]) * torch.tensor([1.0, 1.0, 0.0])
        noisy = {**batch, "offsets": batch["offsets"] + noise}
        loss = nats(model, noisy, batch["writers"]).sum() / batch["lengths"].sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model.eval(), loss.item()


def test_a_line_is_learnt_by_heart_and_written_back() -> None:
    model, loss = taught(to_offsets(written("nil")), "nil", 250)
    assert loss < -1
    (line,) = write(model, ["nil"], style_of(model, "a").unsqueeze(0), bias=3.0)
    points, truth = np.concatenate(line.strokes()), np.concatenate(written("nil"))
    assert line.complete
    distance = np.linalg.norm(points[:, None] - truth[None], axis=2)
    assert distance.min(1).mean() < 0.25  # x-heights: what is written lies on the line
    assert distance.min(0).mean() < 0.25  # and all of the line is written
    assert sorted(set(line.reached.tolist())) == [0, 1, 2]


def test_lines_do_not_depend_on_their_neighbours() -> None:
    model = small().eval()
    styles = torch.randn(3, 4)
    together = write(model, ["abc", "de", "f"], styles, seed=5)
    alone = write(model, ["abc"], styles[:1], seed=5)
    np.testing.assert_allclose(together[0].offsets, alone[0].offsets, atol=1e-4)
    other = write(model, ["abc"], styles[:1], seed=6)
    assert other[0].offsets.shape != alone[0].offsets.shape or not np.allclose(other[0].offsets, alone[0].offsets)


def test_a_runaway_is_stopped_and_told() -> None:
    model = small()
    with torch.no_grad():
        model.to_window.bias[6:] = -5.0  # the window does not move on
        model.output.bias[1] = -20.0  # and nothing ends
    (line,) = write(model, ["ab"], torch.zeros(1, 4))
    assert not line.complete
    assert len(line.offsets) <= POINTS_PER_CHARACTER * 2 + 62
    assert line.offsets[-1, 2] == 1


def test_a_prime_changes_what_follows_and_is_left_out() -> None:
    model = small().eval()
    prime = to_offsets(written("il")) * np.array([STEPS, STEPS, 1], np.float32)
    longer = to_offsets(written("nnil")) * np.array([STEPS, STEPS, 1], np.float32)
    style = torch.zeros(2, 4)
    both = write(model, ["no", "no"], style, primes=[Prime(prime, "il"), Prime(longer, "nnil")])
    alone = write(model, ["no"], style[:1], primes=[Prime(prime, "il")])
    np.testing.assert_allclose(both[0].offsets, alone[0].offsets, atol=1e-4)
    assert not np.array_equal(both[0].offsets[:3], write(model, ["no"], style[:1])[0].offsets[:3])
    assert all(0 <= place < 2 for line in both for place in line.reached)


def test_an_empty_text_lets_the_pen_dream() -> None:
    model = small()
    with torch.no_grad():
        model.output.bias[0] = 2.0  # it lifts often
        model.output.bias[1] = -20.0  # and ends nothing
    prime = to_offsets(written("il")) * np.array([STEPS, STEPS, 1], np.float32)
    style = torch.zeros(2, 4)
    one, other = write(model, ["", ""], style, bias=5.0, primes=[Prime(prime, "il"), Prime(prime, "another text")])
    assert one.complete
    assert DREAM_POINTS < len(one.offsets) < DREAM_POINTS + 30
    np.testing.assert_array_equal(np.unique(one.reached), [0])
    assert len(other.offsets) == len(one.offsets)  # what the prime says is hidden, too
    with torch.no_grad():
        model.output.bias[1] = 20.0
    (line,) = write(model, [""], style[:1])
    assert line.complete
    assert len(line.offsets) < 30


def test_a_hidden_text_is_that_of_a_dream() -> None:
    batch = stack([(to_offsets(written("nil")), "nil", 1), (to_offsets(written("il")), "il", 1)])
    hidden = hide_text(batch, torch.tensor([True, False]))
    assert with_end(hidden["text"], hidden["text_lengths"])[0].tolist() == [END, 0, 0, 0]
    assert hidden["text"][1].tolist() == batch["text"][1].tolist()
    assert torch.equal(hidden["offsets"], batch["offsets"])


def run_onnx(graph, feeds: dict, chunks: list[int]) -> list[np.ndarray]:
    """points, phi, end, mixture over several runs of so many points each."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = open_session(graph.SerializeToString(), options)
    made: list[list[np.ndarray]] = []
    state = {name: feeds[name] for name in (*State._fields, "point")}
    at = 0
    for size in chunks:
        part = {name: feeds[name][at : at + size] for name in ("noise", "given")}
        found = session.run(None, {**feeds, **state, **part})
        state = dict(zip(state, found[: len(state)], strict=True))
        made.append(found[len(state) :])
        at += size
    return [np.concatenate(values) for values in zip(*made, strict=True)]


@pytest.mark.parametrize("feedback", [True, False])
def test_onnx_writes_what_pytorch_writes(feedback: bool) -> None:
    model = small(feedback=feedback).eval()
    texts = ["Hello", "no"]
    steps, batch = 12, len(texts)
    noise = torch.cat([torch.rand(steps, batch, 1), torch.randn(steps, batch, 2), torch.rand(steps, batch, 1)], 2)
    given = torch.zeros(steps, batch, 4)
    given[:3, 1] = torch.tensor([0.5, -0.5, 0.0, 1.0])  # the second line is primed with three points
    style, bias = torch.randn(batch, 4), torch.tensor([0.3, 1.5])
    ids = to_ids(texts)
    state = model.start(batch)
    start = torch.tensor([[0.0, 0.0, 1.0]] * batch)
    feeds = {
        "text": ids.int(),
        "style": style,
        "bias": bias,
        **state._asdict(),
        "point": start,
        "noise": noise,
        "given": given,
    }
    feeds = {name: value.numpy() for name, value in feeds.items()}
    points, phi, end, densities = run_onnx(exporting.synthesizer_to_onnx(model), feeds, [5, 7])
    point = start
    with torch.no_grad():
        for t in range(steps):
            outputs, seen, state = model.step(point, state, model.characters(ids), style)
            found = mixture(outputs, bias.unsqueeze(1))
            forced = given[t, :, 3:]
            point = forced * given[t, :, :3] + (1 - forced) * sample(found, noise[t])
            np.testing.assert_allclose(points[t], point, atol=1e-4)
            np.testing.assert_allclose(phi[t], seen, atol=1e-5)
            np.testing.assert_allclose(end[t], found.end.sigmoid(), atol=1e-5)
            np.testing.assert_allclose(densities[t][:, :4], found.log_weights.exp(), atol=1e-5)


def test_export_is_small_and_complete(tmp_path: Path) -> None:
    save_weights(tmp_path / "best.pt", small(hidden=64), {"synthesizer": vars(small(hidden=64).config)})
    arguments = ["export", "--checkpoint", str(tmp_path / "best.pt"), "--models", str(tmp_path / "models")]
    assert main([*arguments, "--style", "plain=a", "neat-hand=b"]) == 0
    about = json.loads((tmp_path / "models/handwriting/styles.json").read_text())
    assert [style["name"] for style in about["styles"]] == ["Plain", "Neat hand"]
    assert len(about["unprimed"]) == len(about["styles"][0]["vector"]) == 4
    (entry,) = json.loads((tmp_path / "models/manifest.json").read_text())["models"].values()
    names = [value["name"] for value in entry["files"][0]["inputs"]]
    assert names == ["text", "style", "bias", *State._fields, "point", "noise", "given"]
    assert entry["files"][0]["bytes"] < 150_000  # 98,000 weights of a byte, and the graph
    assert main([*arguments, "--style", "x=nobody"]) == 2


def test_the_full_size_fits_its_bytes() -> None:
    model = Synthesizer(SynthesizerConfig(writers=["a"]))
    graph = exporting.to_scan(exporting.quantize_weights(exporting.step_to_onnx(model)), exporting.density_to_onnx(20))
    assert graph.ByteSize() < exporting.LARGEST - 100_000


class Recorded(SynthesisTask):
    """Keeps the losses of a run."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.losses: list[float] = []

    def loss(self, model, batch):
        loss, measures = super().loss(model, batch)
        self.losses.append(loss.item())
        return loss, measures


def test_training_lowers_the_loss_and_resumes_with_the_same_numbers(tmp_path: Path) -> None:
    ink = clean_ink(["nil", "lin", "in", "nill", "lil", "nn"] * 3)

    def task() -> Recorded:
        torch.manual_seed(3)
        return Recorded(
            small(feedback=False), InkBatches(ink, {"unipen/x/a": 1}, 1, 250), single_batches(ink, {}), 1e-2
        )

    def config(folder: str, **options) -> LoopConfig:
        return LoopConfig(tmp_path / folder, 4, 1, warmup_steps=2, workers=0, ema_decay=0.5, **options)

    whole, first, second = task(), task(), task()
    fit(whole, config("whole"))
    assert np.mean(whole.losses[-4:]) < np.mean(whole.losses[:4]) - 0.5
    fit(first, config("parts", stop_after_steps=len(whole.losses) // 2 + 1))
    fit(second, config("parts"), resume=True)
    assert first.losses + second.losses == whole.losses


def test_sentences_are_200_and_hold_every_character() -> None:
    groups = evaluation.sentences()
    texts = [text for group in groups.values() for text in group]
    assert len(texts) == len(set(texts)) == 200
    assert set("".join(texts)) == {chr(code) for code in range(32, 127)}
    assert all(20 <= len(text) <= 60 for text in groups["ordinary"])


def test_drawings(tmp_path: Path) -> None:
    drawing.save(tmp_path / "a.png", [("nil", written("nil"))])
    assert (tmp_path / "a.png").stat().st_size > 200
    drawing.save(tmp_path / "a.svg", [("nil", written("nil"))])
    assert (tmp_path / "a-0.svg").read_text().count("<path") == len(written("nil"))
    with pytest.raises(ValueError, match=r"\.png or \.svg"):
        drawing.save(tmp_path / "a.bmp", [("nil", written("nil"))])


def test_evaluation_counts_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "sentences", lambda limit=None: {"ordinary": ["il", "n"]})
    model = small(feedback=False).eval()
    reader = Reader(ReaderConfig(hidden=8, layers=1)).eval()
    styles = {"none": style_of(model, None), "a": style_of(model, "a")}
    readings = evaluation.legibility(model, reader, styles, 0.8, seed=1)
    assert [(r.text, r.style) for r in readings] == [("il", "none"), ("il", "a"), ("n", "none"), ("n", "a")]
    rows = evaluation.summaries(readings, 0.8)
    scores = rows["bias 0.8", "synthesised, ordinary"]
    assert scores["lines"] == 4
    assert scores["CER"] >= 0
    assert 0 <= scores["runaways ‰"] <= 1000
    assert rows["1 to 20 characters, bias 0.8", "synthesised, by length"] == scores
    assert rows["a, bias 0.8", "synthesised, by style"]["lines"] == 2
    texts = ["nil in nil lin", "lin nil nil in", "in nil lin nin", "nnn nil in lil"] * 3
    named = [
        (f"{writer}/{i}", ink(text, writer=f"unipen/x/{writer}")) for writer in "ab" for i, text in enumerate(texts)
    ]
    likeness = evaluation.likeness(model, clean(named, Cleaning()), 2, seed=1)
    assert likeness["writers"] == 2
    assert 0 <= likeness["primed lines"] <= 100
