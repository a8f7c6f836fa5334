"""The small encoder for live captions."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.vocabulary import Vocabulary
from training.data.captions import CaptionedPhoto
from training.data.photos import to_pixels
from training.data.regions import open_crop
from training.live.__main__ import main
from training.live.exporting import LARGEST, encoder_to_onnx
from training.live.model import LiveEncoder
from training.live.train import PhotoDataset, collate, distance


@pytest.fixture
def encoder() -> LiveEncoder:
    torch.manual_seed(0)
    return LiveEncoder().eval()


def folded_weights(encoder: LiveEncoder) -> dict[str, np.ndarray]:
    """Its weights under the names of the file to start from."""
    named = {"features.0.0": encoder.first, "features.18.0": encoder.last}
    for number, block in enumerate(encoder.blocks, start=1):
        places = ["conv.0.0", "conv.1.0", "conv.2"] if block.expand is not None else ["conv.0.0", "conv.1"]
        parts = [part for part in (block.expand, block.depthwise, block.narrow) if part is not None]
        named |= {f"features.{number}.{place}": part for place, part in zip(places, parts, strict=True)}
    return {
        f"{name}.{kind}": getattr(module, kind).detach().numpy()
        for name, module in named.items()
        for kind in ("weight", "bias")
    }


def test_gives_the_large_encoders_regions_shape(encoder: LiveEncoder) -> None:
    regions = encoder(torch.rand(2, 3, 224, 224))
    assert regions.shape == (2, 49, 1664)
    assert (regions >= 0).all()


def test_pads_at_stride_two_as_tensorflow_does(encoder: LiveEncoder) -> None:
    pixels = torch.rand(1, 3, 224, 224)
    ours = encoder.first(F.pad(2 * pixels - 1, (0, 1, 0, 1)))
    assert ours.shape[-2:] == (112, 112)
    # The last column sees one column of zeros on its right, and the first none on its left.
    kernel = encoder.first.weight
    seen = (2 * pixels - 1)[:, :, 0:3, 0:3]
    expected = (kernel * seen).sum((1, 2, 3)) + encoder.first.bias
    torch.testing.assert_close(ours[0, :, 0, 0], expected, atol=1e-5, rtol=1e-5)


def test_starts_from_folded_weights(encoder: LiveEncoder, tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, **folded_weights(encoder))
    other = LiveEncoder(file)
    pixels = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        other.project.weight.copy_(encoder.project.weight)
        other.project.bias.copy_(encoder.project.bias)
        torch.testing.assert_close(other(pixels), encoder(pixels))
    frozen = {name.rsplit(".", 1)[0] for name, each in other.named_parameters() if not each.requires_grad}
    assert "first" in frozen and "blocks.3.narrow" in frozen and "blocks.4.expand" not in frozen
    assert all(each.requires_grad for each in encoder.parameters())


def test_says_what_is_wrong_with_initial_weights(encoder: LiveEncoder, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="are missing"):
        LiveEncoder(tmp_path / "none.npz")
    weights = folded_weights(encoder)
    del weights["features.7.conv.1.0.bias"]
    np.savez(tmp_path / "partial.npz", **weights)
    with pytest.raises(ValueError, match=r"features\.7\.conv\.1\.0\.bias"):
        LiveEncoder(tmp_path / "partial.npz")


def test_export_computes_the_same_within_its_limit(encoder: LiveEncoder) -> None:
    graph = encoder_to_onnx(encoder)
    assert graph.ByteSize() < LARGEST
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    pixels = torch.rand(2, 3, 224, 224)
    (regions,) = session.run(None, {"pixels": pixels.numpy()})
    with torch.no_grad():
        expected = encoder(pixels).numpy()
    # What rounding weights to int8 costs.
    assert np.abs(regions - expected).mean() < 0.02 * expected.std() + 1e-6


def test_learns_what_the_large_encoder_sees(encoder: LiveEncoder) -> None:
    decoder = Decoder(DecoderConfig(12, "soft-attention", 16, 8, 8)).eval().requires_grad_(False)
    pixels = torch.rand(2, 3, 224, 224)
    batch = {
        "regions": torch.rand(2, 49, 1664),
        "inputs": torch.randint(0, 12, (2, 1, 5)),
        "counted": torch.ones(2, 1, 5, dtype=torch.bool),
    }
    optimizer = torch.optim.Adam(encoder.parameters(), 1e-3)
    losses = []
    for _ in range(6):
        loss, parts = distance(decoder, encoder(pixels), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]
    assert set(parts) == {"regions", "prepared", "words"}
    assert distance(decoder, batch["regions"], batch)[0].item() == pytest.approx(0, abs=1e-6)


def test_a_photo_and_its_regions_are_mirrored_together(tmp_path: Path) -> None:
    half = np.zeros((224, 224, 3), np.uint8)
    half[:, :112] = 255
    Image.fromarray(half).save(tmp_path / "half.png")
    regions = np.stack([np.zeros((49, 1664)), np.ones((49, 1664))])[None].astype(np.float16)
    captioned = CaptionedPhoto("half", tmp_path / "half.png", ("a white half", "black on one side"))
    dataset = PhotoDataset([captioned], [regions], Vocabulary.from_captions(captioned.captions, 1), seed=1)
    seen = set()
    for epoch in range(24):
        dataset.set_epoch(epoch)
        batch = collate([dataset[0]])
        left_is_white = bool(batch["pixels"][0, 0, 0, 0] == 255)
        assert bool(batch["regions"].mean() == 0) == left_is_white
        seen.add((left_is_white, batch["counted"].sum().item()))
    assert seen == {(True, 4), (True, 5), (False, 4), (False, 5)}


def test_a_crop_goes_with_its_own_regions(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    by_crop = [np.full((1, 2, 49, 1664), crop, np.float16) for crop in range(3)]
    captioned = CaptionedPhoto("noise", tmp_path / "noise.png", ("noise",))
    dataset = PhotoDataset([captioned], by_crop, Vocabulary.from_captions(captioned.captions, 1), seed=1)
    seen = set()
    for epoch in range(24):
        dataset.set_epoch(epoch)
        pixels, regions, _ = dataset[0]
        crop = int(regions[0, 0])
        whole = to_pixels(open_crop(tmp_path / "noise.png", crop))
        assert any(torch.equal(pixels, view) for view in (whole, whole.flip(2)))
        seen.add(crop)
    assert seen == {0, 1, 2}


def test_says_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", "--checkpoint", str(tmp_path / "none.pt")]) == 2
    assert "does not exist" in capsys.readouterr().err
