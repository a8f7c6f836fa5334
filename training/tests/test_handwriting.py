"""Handwriting synthesis: gradients, the steps against whole lines, overfitting, export, commands."""

import torch

from training.handwriting.mixture import mixture, negative_log_likelihood, sample
from training.handwriting.model import END, Synthesizer, SynthesizerConfig
from training.handwriting.window import WindowedLSTM, parallel_window


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
    points = sample(mixture(outputs), noise)
    rho = torch.tanh(torch.tensor(0.7))
    assert torch.allclose(points.mean(0), torch.tensor([2.0, -1.0, torch.tensor(0.5).sigmoid()]), atol=0.03)
    assert torch.allclose(points[:, :2].T.corrcoef()[0, 1], rho, atol=0.02)
    assert torch.allclose(points[:, :2].std(0).log(), torch.tensor([0.1, -0.4]), atol=0.02)
    surer = sample(mixture(outputs, 1.0), noise)
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
    with torch.autocast("cpu", torch.bfloat16):
        rough = model(offsets, text, writers)
    assert (exact - rough).abs().max() < 0.1
    negative_log_likelihood(rough, offsets.transpose(0, 1), torch.zeros(30, 2)).mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)
