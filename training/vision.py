"""The vision encoder that captioning and VQA share: DenseNet-169 (Huang et al. 2017) without its classifier.

Shape suffixes: B photos, C channels, H and W pixels, R = 49 regions (7×7, row by row), D = 1664 features a region.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models import DenseNet169_Weights, densenet169

from training.onnx_session import open_session
from training.weights import load_vision, trained_weights

SIZE = 224
REGIONS = 49
FEATURES = 1664
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


class VisionEncoder(nn.Module):
    """pixels_BCHW (RGB in 0..1, 224×224) → regions_BRD (7×7 regions, after the last ReLU).

    BatchNorm stays at the ImageNet statistics, and the stem and the first dense block stay as they are: with a few
    thousand photos both only lose by training, and the frozen part needs no backward pass.
    """

    def __init__(self, init: str | Path | None = "imagenet"):
        """
        Args:
            init: "imagenet" for torchvision's weights (needs a network once), an npz file with arrays under
                torchvision's `features.*` names (and a BatchNorm epsilon within 1e-7 of torchvision's 1e-5, which
                changes no output by more than 1e-4), an exported `encoder.onnx`, a captioning checkpoint (.pt), or
                None for random weights.

        Raises:
            ValueError: the file is missing, or holds no weights of this encoder.
        """
        super().__init__()
        weights = DenseNet169_Weights.IMAGENET1K_V1 if init == "imagenet" else None
        features = densenet169(weights=weights).features
        self.stem = nn.Sequential(*list(features.children())[:6])  # conv0 … transition1
        self.blocks = nn.Sequential(*list(features.children())[6:])  # denseblock2 … norm5
        if init not in ("imagenet", None):
            self._load(features, Path(init))
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.requires_grad_(False)
        self.stem.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(_STD).view(1, 3, 1, 1), persistent=False)
        self.to(memory_format=torch.channels_last)

    def _load(self, features: nn.Module, path: Path) -> None:
        if not path.exists():
            raise ValueError(f"the encoder's weights {path} are missing: give a file of them, or `imagenet`")
        if path.suffix == ".onnx":
            load_vision(self, path)
        elif path.suffix == ".pt":
            state = {k: v for k, v in trained_weights(path).items() if k.startswith("vision.")}
            if not state:
                raise ValueError(f"{path} holds no encoder: give a checkpoint of captioning")
            self.load_state_dict({name.removeprefix("vision."): value for name, value in state.items()})
        else:
            _load_npz(features, path)

    def train(self, mode: bool = True) -> "VisionEncoder":
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, pixels_BCHW: Tensor) -> Tensor:
        x = (pixels_BCHW - self.mean) / self.std
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.set_grad_enabled(torch.is_grad_enabled() and any(p.requires_grad for p in self.stem.parameters())):
            x = self.stem(x)
        return torch.relu(self.blocks(x)).flatten(2).transpose(1, 2)


class ExportedEncoder(nn.Module):
    """An exported `encoder.onnx` run as the app runs it: its regions carry the rounding of int8 arithmetic, so that a
    decoder learns on what it will be given. It cannot be trained itself.
    """

    def __init__(self, path: Path):
        """
        Raises:
            ValueError: the file is missing.
        """
        super().__init__()
        if not path.exists():
            raise ValueError(f"the exported encoder {path} is missing: export a captioner, or restore the file")
        self.session = open_session(path)
        # Stands for the weights wherever two encoders are compared.
        self.register_buffer("sha256", torch.tensor(list(hashlib.sha256(path.read_bytes()).digest())))

    def forward(self, pixels_BCHW: Tensor) -> Tensor:
        return torch.from_numpy(self.session.run(None, {"pixels": pixels_BCHW.numpy()})[0])


def region_encoder(init: str | Path) -> VisionEncoder | ExportedEncoder:
    """The encoder that regions come from: an `.onnx` file runs as it is, all else is what `VisionEncoder` takes."""
    return ExportedEncoder(Path(init)) if Path(init).suffix == ".onnx" else VisionEncoder(init)


def _load_npz(features: nn.Module, path: Path) -> None:
    arrays = np.load(path)
    state = {name.removeprefix("features."): torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
    missing = [name for name in features.state_dict() if name not in state and "num_batches_tracked" not in name]
    if missing:
        raise ValueError(f"{path} lacks {len(missing)} arrays, among them features.{missing[0]}: is it DenseNet-169?")
    features.load_state_dict(state, strict=False)
