"""Integer arithmetic against PyTorch in fp32, and the graphs that stand in for it on GPUs."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from training.captioning.decoder import KINDS, Decoder, DecoderConfig
from training.captioning.exporting import captioner_to_onnx
from training.captioning.model import Captioner
from training.export import quantize_weights, with_arrays_of
from training.int8_encoder import float_twin, range_of_all, range_of_each, to_int8
from training.integer_products import integer_products
from training.multiply_adds import count_multiply_adds
from training.onnx_session import open_session
from training.vision import VisionEncoder
from training.weights import load_vision

WORDS = 120


def _vision() -> VisionEncoder:
    torch.manual_seed(0)
    vision = VisionEncoder(None).eval()
    for module in vision.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2.0)
            module.weight.data.uniform_(-0.2, 1.2)  # negative ones as well: they turn a channel round
            module.bias.data.uniform_(-0.2, 0.2)
    return vision


def _captioner(vision: VisionEncoder, kind: str = "top-down") -> Captioner:
    return Captioner(vision, Decoder(DecoderConfig(WORDS, kind, 64, 48, 48))).eval()


def _session(path: Path) -> onnxruntime.InferenceSession:
    return open_session(path)


def _write(folder: Path, **models: onnx.ModelProto) -> None:
    for name, model in models.items():
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())


class TestEncoder:
    @pytest.fixture(scope="class")
    def exported(self, tmp_path_factory) -> tuple[VisionEncoder, onnx.ModelProto, Path, Tensor]:
        vision = _vision()
        folder = tmp_path_factory.mktemp("int8")
        # Smooth pictures: of noise, whose mean is all that is left of it, a ReLU network computes nearly nothing.
        pixels = nn.functional.interpolate(torch.rand(4, 3, 14, 14), (224, 224), mode="bicubic").clamp(0, 1)
        fp32 = captioner_to_onnx(_captioner(vision))["encoder.onnx"]
        int8 = to_int8(fp32, pixels)
        _write(folder, encoder=int8, twin=float_twin(int8, "encoder.onnx"))
        return vision, fp32, folder, pixels

    @torch.no_grad()
    def test_is_near_pytorch(self, exported) -> None:
        vision, _, folder, pixels = exported
        regions = vision(pixels).numpy()
        (found,) = _session(folder / "encoder.onnx").run(None, {"pixels": pixels.numpy()})
        assert found.shape == regions.shape
        assert np.linalg.norm(found - regions) < 0.12 * np.linalg.norm(regions)

    def test_the_twin_computes_the_very_same(self, exported) -> None:
        _, _, folder, pixels = exported
        inputs = {"pixels": pixels.numpy()}
        (int8,) = _session(folder / "encoder.onnx").run(None, inputs)
        (twin,) = _session(folder / "twin.onnx").run(None, inputs)
        np.testing.assert_array_equal(twin, int8)

    def test_a_photo_does_not_depend_on_its_batch(self, exported) -> None:
        _, _, folder, pixels = exported
        session = _session(folder / "encoder.onnx")
        (together,) = session.run(None, {"pixels": pixels.numpy()})
        (alone,) = session.run(None, {"pixels": pixels[1:2].numpy()})
        np.testing.assert_array_equal(together[1:2], alone)

    def test_every_convolution_is_fused(self, exported, tmp_path: Path) -> None:
        _, _, folder, _ = exported
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
        open_session(folder / "encoder.onnx", options)
        operators = [node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node]
        assert "Conv" not in operators
        # 168 convolutions, 85 BatchNorms between them and 3 poolings.
        assert operators.count("QLinearConv") == 168 + 85 + 3

    def test_is_a_quarter_and_the_twin_holds_no_weights(self, exported) -> None:
        _, fp32, folder, _ = exported
        assert (folder / "encoder.onnx").stat().st_size < 0.27 * len(fp32.SerializeToString())
        assert (folder / "twin.onnx").stat().st_size < 250_000

    @torch.no_grad()
    def test_weights_come_back(self, exported) -> None:
        vision, _, folder, pixels = exported
        restored = VisionEncoder(None).eval()
        load_vision(restored, folder / "encoder.onnx")
        regions = vision(pixels)
        assert (restored(pixels) - regions).norm() < 0.05 * regions.norm()

    def test_multiply_adds_are_those_of_convolutions_with_pooling_first(self, exported) -> None:
        _, fp32, folder, _ = exported
        saved = 3 / 4 * (256 * 128 * 56**2 + 512 * 256 * 28**2 + 1280 * 640 * 14**2)
        assert count_multiply_adds(onnx.load(folder / "encoder.onnx")) == count_multiply_adds(fp32) - saved

    def test_a_file_without_units_is_named(self, exported, tmp_path: Path) -> None:
        _, _, folder, _ = exported
        model = onnx.load(folder / "encoder.onnx")
        del model.metadata_props[:]
        _write(tmp_path, encoder=model)
        with pytest.raises(ValueError, match="says nothing of its units"):
            load_vision(VisionEncoder(None), tmp_path / "encoder.onnx")


def test_ranges() -> None:
    low, high = range_of_each(np.array([[-2.0, 1.0], [3.0, 5.0]]), 7)
    np.testing.assert_allclose(low, [-3, 0])
    np.testing.assert_allclose(high, [1.5, 7.5])
    # One value far from all others is cut off: its error is less than what coarser steps would cost.
    values = np.append(np.random.default_rng(0).uniform(0, 1, 100_000), 1.05)[None]
    assert range_of_all(values)[1][0] < 1.05
    assert range_of_all(values[:, :-1])[1][0] == pytest.approx(1, abs=0.03)


class TestProducts:
    @torch.no_grad()
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_as_exact_as_fp32(self, kind: str, tmp_path: Path) -> None:
        torch.manual_seed(0)
        decoder = _captioner(VisionEncoder(None), kind).decoder
        step = quantize_weights(captioner_to_onnx(Captioner(VisionEncoder(None), decoder))["step.onnx"])
        integer = integer_products(step)
        assert any(node.op_type == "MatMulInteger" for node in integer.graph.node)
        twin = with_arrays_of(step, integer, "step.onnx")
        assert len(twin.SerializeToString()) < 0.5 * len(integer.SerializeToString())
        _write(tmp_path, step=integer, twin=twin)
        features, keys, state = decoder.prepare(torch.rand(2, 49, 1664))
        inputs = {
            "tokens": torch.randint(0, WORDS, (2, 3), dtype=torch.int32),
            "state": torch.randn(2, 3, state.shape[-1]),
            "photo": torch.arange(2, dtype=torch.int32),
            "features": features,
            "keys": keys,
        }
        expected, found = (
            # The plain LSTM does not look at the photo again: its graph has no inputs for that.
            session.run(None, {value.name: inputs[value.name].numpy() for value in session.get_inputs()})
            for session in (_session(tmp_path / "twin.onnx"), _session(tmp_path / "step.onnx"))
        )
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)

    def test_embedding_is_stored_once(self) -> None:
        step = captioner_to_onnx(_captioner(VisionEncoder(None)))["step.onnx"]
        assert sum(WORDS in tensor.dims and len(tensor.dims) == 2 for tensor in step.graph.initializer) == 1
