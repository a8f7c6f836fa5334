"""The captioner: gradients, overfitting, search against brute force, ONNX parity, int8 weights."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from training.captioning.decoder import KINDS, Decoder, DecoderConfig
from training.captioning.exporting import captioner_to_onnx
from training.captioning.model import Captioner
from training.captioning.search import beam_search, sample
from training.captioning.train import (
    CaptionDataset,
    CaptioningTask,
    DistillationTask,
    SelfCriticalTask,
    caption_photos,
    collate,
)
from training.captioning.vocabulary import END, START, UNKNOWN, Vocabulary
from training.data.captions import load_flickr8k
from training.data.regions import cached_regions
from training.export import quantize_weights
from training.loop import LoopConfig, fit
from training.onnx_session import open_session
from training.vision import FEATURES, VisionEncoder


def tiny_decoder(kind: str, vocabulary: int = 7, dropout: float = 0.0) -> Decoder:
    return Decoder(DecoderConfig(vocabulary, kind, hidden_size=6, embedding_size=5, attention_size=4, dropout=dropout))


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_against_finite_differences(kind: str) -> None:
    decoder = tiny_decoder(kind).double()
    regions = torch.rand(2, 4, FEATURES, dtype=torch.float64)
    tokens = torch.tensor([[[0, 3, 4], [0, 5, 1]], [[0, 6, 3], [0, 4, 4]]])
    select = torch.ones_like(tokens, dtype=torch.bool)
    select[1, 1, 2] = False

    def loss() -> torch.Tensor:
        return decoder(regions, tokens, select).square().mean()

    loss().backward()
    generator = torch.Generator().manual_seed(1)
    for name, parameter in decoder.named_parameters():
        flat = parameter.data.view(-1)
        index = int(torch.randint(flat.numel(), (1,), generator=generator))
        kept, h = flat[index].item(), 1e-6
        flat[index] = kept + h
        above = loss().item()
        flat[index] = kept - h
        below = loss().item()
        flat[index] = kept
        assert parameter.grad.view(-1)[index].item() == pytest.approx((above - below) / (2 * h), abs=1e-8), name


@pytest.mark.parametrize("kind", KINDS)
def test_steps_agree_with_teacher_forcing_and_attention_sums_to_one(kind: str) -> None:
    decoder = tiny_decoder(kind).eval()
    regions, tokens = torch.rand(2, 49, FEATURES), torch.randint(0, 7, (2, 3, 5))
    everything = torch.ones_like(tokens, dtype=torch.bool)
    whole = decoder(regions, tokens, everything).view(2, 3, 5, -1)
    features, keys, state = decoder.prepare(regions)
    state = state.unsqueeze(1).expand(2, 3, -1)
    for t in range(5):
        logits, state, attention = decoder.step(tokens[:, :, t], state, features, keys)
        torch.testing.assert_close(logits, whole[:, :, t])
        torch.testing.assert_close(attention.sum(-1), torch.ones(2, 3))


def test_unknown_decoder_is_named() -> None:
    with pytest.raises(ValueError, match="choose one of init-inject, soft-attention"):
        Decoder(DecoderConfig(7, "transformer"))


def _best_by_brute_force(decoder: Decoder, regions: torch.Tensor, longest: int, penalty: float) -> tuple[float, tuple]:
    """The best caption of one photo among all that can be written."""
    best = (-math.inf, ())
    words = [w for w in range(decoder.config.vocabulary_size) if w not in (START, END, UNKNOWN)]
    for length in range(1, longest + 1):
        for caption in itertools.product(words, repeat=length):
            if any(a == b == c for a, b, c in zip(caption, caption[1:], caption[2:], strict=False)):
                continue
            tokens = torch.tensor([[[START, *caption]]])
            logits = decoder(regions, tokens, torch.ones_like(tokens, dtype=torch.bool))
            targets = torch.tensor([*caption, END])
            total = torch.log_softmax(logits, -1).gather(1, targets.unsqueeze(1)).sum().item()
            best = max(best, (total / (length + 1) ** penalty, caption))
    return best


@pytest.mark.parametrize("penalty", [0.0, 0.7])
def test_a_wide_beam_finds_the_best_caption(penalty: float) -> None:
    for seed in range(3):
        torch.manual_seed(seed)
        decoder = tiny_decoder("top-down").eval()
        for parameter in decoder.parameters():
            parameter.data.mul_(6)  # peaked distributions
        regions = torch.rand(1, 4, FEATURES)
        with torch.no_grad():
            score, caption = _best_by_brute_force(decoder, regions, 4, penalty)
            found = beam_search(decoder, regions, beam=256, longest=4, length_penalty=penalty)[0]
        assert found[0].tokens == caption
        assert found[0].score == pytest.approx(score, abs=1e-4)
        assert len({h.tokens for h in found}) == len(found)
        assert all(h.tokens for h in found)


def test_batched_search_is_the_search_of_each_photo() -> None:
    decoder = tiny_decoder("top-down", 30).eval()
    regions = torch.rand(3, 49, FEATURES)
    together = beam_search(decoder, regions, beam=3, longest=8)
    for b in range(3):
        alone = beam_search(decoder, regions[b : b + 1], beam=3, longest=8)[0]
        assert [h.tokens for h in together[b]] == [h.tokens for h in alone]


def test_samples_follow_the_models_distribution() -> None:
    decoder = tiny_decoder("init-inject").eval()
    regions = torch.rand(1, 4, FEATURES)
    features, keys, state = decoder.prepare(regions)
    logits, _, _ = decoder.step(torch.tensor([[START]]), state.unsqueeze(1), features, keys)
    logits[..., [START, UNKNOWN]] = -math.inf
    expected = torch.softmax(logits, -1).flatten()
    first = sample(decoder, regions, 20_000, longest=1)[0, :, 0]
    found = torch.bincount(first, minlength=7) / 20_000
    torch.testing.assert_close(found, expected, atol=0.02, rtol=0)


def test_search_stays_on_the_device_of_the_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fake tensors have a shape and a device alone: what mixes devices fails with them as it would on a GPU."""
    monkeypatch.setattr(FakeTensor, "tolist", lambda self: np.zeros(tuple(self.shape)).tolist())
    monkeypatch.setattr(FakeTensor, "__bool__", lambda self: False)
    with FakeTensorMode():
        with torch.device("cuda"):
            decoder = tiny_decoder("soft-attention").eval()
            regions = torch.rand(2, 4, FEATURES)
        assert len(beam_search(decoder, regions, beam=3, longest=4)) == 2
        assert sample(decoder, regions, 5, longest=4).device == regions.device


class TinyVision(nn.Module):
    """Stands in for the encoder: the mean colour of each of 49 cells, spread over the features by a fixed matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("spread", torch.randn(3, FEATURES, generator=torch.Generator().manual_seed(1)))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        cells = nn.functional.adaptive_avg_pool2d(pixels, 7).flatten(2).transpose(1, 2).float()
        return (4 * cells - 2) @ self.spread  # shapes of one colour differ in few cells: make that count


def _tiny_task(flickr8k: Path, task_class=CaptioningTask, **options):
    pictures = load_flickr8k(flickr8k, "train") + load_flickr8k(flickr8k, "dev")
    train = [pictures[i] for i in (0, 3, 4, 7)]  # four colours, two circles and two squares
    vocabulary = Vocabulary.from_captions((text for photo in train for text in photo.captions), least_count=1)
    config = DecoderConfig(len(vocabulary), hidden_size=48, embedding_size=32, attention_size=32, dropout=0.0)
    vision = TinyVision()
    model = Captioner(vision, Decoder(config))
    regions = cached_regions(vision, [photo.path for photo in train], flickr8k / "cache")
    dataset = CaptionDataset(train, vocabulary, 1, regions)
    return task_class(model, vocabulary, dataset, {"dev": (train, regions)}, **options), train


def test_overfits_four_photos(flickr8k: Path, tmp_path: Path) -> None:
    task, train = _tiny_task(flickr8k, rate=3e-3, smoothing=0.0)
    config = LoopConfig(
        tmp_path / "run",
        epochs=150,
        batch_size=4,
        warmup_steps=10,
        ema_decay=0.0,
        bf16=False,
        workers=0,
        validate_every=300,
    )
    fit(task, config)
    texts = caption_photos(task.model, task.vocabulary, train, task.dataset.regions)
    for photo in train:
        color, shape = photo.path.stem.split("_")
        assert f"a {color} {shape} " in texts[photo.id]


def test_self_critical_training_raises_its_reward(flickr8k: Path) -> None:
    task, _ = _tiny_task(flickr8k, SelfCriticalTask, rate=1e-2, cross_entropy_share=0.0)
    optimizer = torch.optim.Adam(task.model.decoder.parameters(), 3e-3)
    batch = collate([task.dataset[i] for i in range(4)])
    rewards = []
    for _ in range(80):
        loss, measures = task.loss(task.model, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rewards.append(measures["reward"])
    assert sum(rewards[-5:]) > 1.3 * sum(rewards[:5])


def test_a_student_learns_what_its_teachers_expect(flickr8k: Path) -> None:
    teachers = [_tiny_task(flickr8k)[0].model.decoder for _ in range(2)]
    task, _ = _tiny_task(flickr8k, DistillationTask, teachers=teachers, cross_entropy_share=0.0)
    for teacher in teachers:
        teacher.output_bias.data.normal_(std=2, generator=torch.Generator().manual_seed(3))
    optimizer = torch.optim.Adam(task.model.decoder.parameters(), 1e-2)
    batch = collate([task.dataset[i] for i in range(4)])
    for _ in range(60):
        loss, _ = task.loss(task.model, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    counted = batch["targets"] >= 0
    expected = (
        sum(torch.softmax(teacher(batch["photo"].float(), batch["inputs"], counted), -1) for teacher in teachers) / 2
    )
    # Cross-entropy cannot fall below the entropy of what is expected, where both agree.
    entropy = -(expected * expected.log()).sum(-1).mean()
    assert entropy - 1e-4 < loss < entropy + 0.02
    assert all(not parameter.requires_grad for teacher in teachers for parameter in teacher.parameters())


class TestExport:
    """PyTorch against ONNX, in fp32 and with int8 weights."""

    @pytest.fixture(scope="class")
    def exported(self) -> tuple[Captioner, dict]:
        torch.manual_seed(0)
        model = Captioner(VisionEncoder(None), Decoder(DecoderConfig(120, hidden_size=32, embedding_size=24))).eval()
        for module in model.vision.modules():
            if isinstance(module, nn.BatchNorm2d):  # statistics that folding must get right
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 2.0)
                module.weight.data.uniform_(0.8, 1.2)
                module.bias.data.uniform_(-0.2, 0.2)
        return model, captioner_to_onnx(model)

    def _run(self, graph, **inputs) -> list[np.ndarray]:
        session = open_session(graph.SerializeToString())
        return session.run(None, {name: value.numpy() for name, value in inputs.items()})

    @torch.no_grad()
    @pytest.mark.parametrize("batch", [1, 3])
    def test_parity(self, exported, batch: int) -> None:
        model, graphs = exported
        pixels = torch.rand(batch, 3, 224, 224)
        regions = model.vision(pixels)
        (found,) = self._run(graphs["encoder.onnx"], pixels=pixels)
        np.testing.assert_allclose(found, regions.numpy(), atol=1e-3)
        prepared = model.decoder.prepare(regions)
        for ours, theirs in zip(prepared, self._run(graphs["prepare.onnx"], regions=regions), strict=True):
            np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-3)
        features, keys, state = prepared
        for beams in (1, 5):
            tokens = torch.randint(0, 120, (batch, beams), dtype=torch.int32)
            states = torch.rand(batch, beams, state.shape[-1])
            logits, next_state, attention = model.decoder.step(tokens, states, features, keys)
            expected = (logits.log_softmax(-1), next_state, attention)
            # The photos lie in another order, behind one that is captioned no longer.
            photo = torch.arange(batch, 0, -1, dtype=torch.int32)
            kept = {
                name: torch.cat([torch.full_like(rows[:1], torch.nan), rows.flip(0)])
                for name, rows in (("features", features), ("keys", keys))
            }
            outputs = self._run(graphs["step.onnx"], tokens=tokens, state=states, photo=photo, **kept)
            for ours, theirs in zip(expected, outputs, strict=True):
                np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-3)

    @torch.no_grad()
    def test_int8_weights_are_a_quarter_and_change_little(self, exported) -> None:
        model, graphs = exported
        for name, graph in graphs.items():
            assert len(quantize_weights(graph).SerializeToString()) < 0.45 * len(graph.SerializeToString()), name
        pixels = torch.rand(1, 3, 224, 224)
        regions = model.vision(pixels).numpy()
        (found,) = self._run(quantize_weights(graphs["encoder.onnx"]), pixels=pixels)
        assert np.abs(found - regions).mean() < 0.05 * np.abs(regions).mean()
