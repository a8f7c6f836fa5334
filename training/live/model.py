"""MobileNetV2 (Sandler et al. 2018) as a stand-in for the vision encoder: the same regions from a tenth of the arithmetic.

Shape suffixes: B photos, C channels, H and W pixels, R = 49 regions, D = 1664 features a region.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.vision import FEATURES
from training.weights import trained_weights

# Table 2 of the paper: expansion, channels, blocks, stride of the first.
_STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
_FIRST, _LAST = 32, 1280
_FROZEN = 4
"""Blocks that stay as ImageNet made them: edges and colours serve any photo, and on large maps gradients take a third of the time."""


def _convolve(conv: nn.Conv2d, x_BCHW: Tensor) -> Tensor:
    """3×3 convolutions are padded as TensorFlow does, where the weights come from: at stride 2 on the right and below alone."""
    if conv.kernel_size == (3, 3):
        x_BCHW = F.pad(x_BCHW, (0, 1, 0, 1) if conv.stride == (2, 2) else (1, 1, 1, 1))
    return conv(x_BCHW)


class _Block(nn.Module):
    """An inverted residual: wider, over the neighbourhood, and narrow again without a nonlinearity."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int):
        super().__init__()
        wide = inputs * expansion
        self.expand = nn.Conv2d(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(wide, wide, 3, stride, groups=wide)
        self.narrow = nn.Conv2d(wide, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x_BCHW: Tensor) -> Tensor:
        wide = x_BCHW if self.expand is None else F.relu6(self.expand(x_BCHW))
        narrow = self.narrow(F.relu6(_convolve(self.depthwise, wide)))
        return x_BCHW + narrow if self.residual else narrow


class LiveEncoder(nn.Module):
    """pixels_BCHW (RGB in 0..1, 224×224) → regions_BRD as `VisionEncoder` gives them, nearly.

    BatchNorm is folded into the convolutions, as the weights to start from have it.
    """

    def __init__(self, init: Path | None = None):
        """
        Args:
            init: an npz file of the ImageNet weights under torchvision's names with BatchNorm folded, of which the first blocks then
                stay as they are; or None for random ones.

        Raises:
            ValueError: the file is missing, or holds no weights of this network.
        """
        super().__init__()
        self.first = nn.Conv2d(3, _FIRST, 3, 2)
        blocks, inputs = [], _FIRST
        for expansion, channels, count, stride in _STAGES:
            for place in range(count):
                blocks.append(_Block(inputs, channels, expansion, stride if place == 0 else 1))
                inputs = channels
        self.blocks = nn.ModuleList(blocks)
        self.last = nn.Conv2d(inputs, _LAST, 1)
        self.project = nn.Conv2d(_LAST, FEATURES, 1)
        if init:
            self._load(init)
            for module in (self.first, *self.blocks[:_FROZEN]):
                module.requires_grad_(False)
        self.to(memory_format=torch.channels_last)

    def _load(self, path: Path) -> None:
        if not path.exists():
            raise ValueError(f"the initial weights {path} are missing: give the npz file of MobileNetV2")
        arrays = np.load(path)
        modules = {"features.0.0": self.first, "features.18.0": self.last}
        for number, block in enumerate(self.blocks, start=1):
            parts = [part for part in (block.expand, block.depthwise) if part is not None]
            modules |= {f"features.{number}.conv.{place}.0": part for place, part in enumerate(parts)}
            modules[f"features.{number}.conv.{len(parts)}"] = block.narrow
        for name, module in modules.items():
            for kind in ("weight", "bias"):
                array = arrays.get(f"{name}.{kind}")
                parameter = getattr(module, kind)
                if array is None or array.shape != tuple(parameter.shape):
                    raise ValueError(
                        f"{path} has no {name}.{kind} of shape {tuple(parameter.shape)}: is it MobileNetV2?"
                    )
                with torch.no_grad():
                    parameter.copy_(torch.from_numpy(array))

    def forward(self, pixels_BCHW: Tensor) -> Tensor:
        x = (2 * pixels_BCHW - 1).contiguous(memory_format=torch.channels_last)
        x = F.relu6(_convolve(self.first, x))
        for block in self.blocks:
            x = block(x)
        return torch.relu(self.project(F.relu6(self.last(x)))).flatten(2).transpose(1, 2)


def load(path: Path) -> LiveEncoder:
    """The encoder of a `best.pt` or `last.pt`, in evaluation mode (averaged weights where there are any).

    Raises:
        ValueError: the file is missing.
    """
    if not path.exists():
        raise ValueError(f"the checkpoint {path} does not exist: train one with `python -m training.live train`")
    encoder = LiveEncoder()
    encoder.load_state_dict(trained_weights(path))
    return encoder.eval()
