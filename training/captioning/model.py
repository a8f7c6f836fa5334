"""The captioner: the vision encoder and a decoder, and how they are built, saved and loaded."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.vocabulary import Vocabulary
from training.vision import VisionEncoder
from training.weights import trained_weights


class Captioner(nn.Module):
    """pixels_BCHW or regions_BRD, and tokens_BKT → logits of the selected tokens by teacher forcing."""

    def __init__(self, vision: VisionEncoder, decoder: Decoder):
        super().__init__()
        self.vision = vision
        self.decoder = decoder

    def regions(self, photo: Tensor) -> Tensor:
        """regions_BRD of uint8 pixels_BCHW; regions pass through."""
        return self.vision(photo.float() / 255) if photo.dim() == 4 else photo.float()

    def forward(self, photo: Tensor, tokens_BKT: Tensor, select_BKT: Tensor) -> Tensor:
        return self.decoder(self.regions(photo), tokens_BKT, select_BKT)


def checkpoint_extra(model: Captioner, vocabulary: Vocabulary) -> dict[str, Any]:
    """What `load` needs beside the weights."""
    return {"decoder": asdict(model.decoder.config), "words": vocabulary.words}


def load(path: Path) -> tuple[Captioner, Vocabulary]:
    """Build the captioner of a `best.pt` or `last.pt` in evaluation mode (averaged weights where there are any).

    Raises:
        ValueError: the file is missing or is no captioning checkpoint.
    """
    if not path.exists():
        raise ValueError(f"the checkpoint {path} does not exist: train one with `python -m training.captioning train`")
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "decoder" not in content:
        raise ValueError(f"{path} is not a checkpoint of `python -m training.captioning train`")
    model = Captioner(VisionEncoder(None), Decoder(DecoderConfig(**content["decoder"])))
    model.load_state_dict(trained_weights(path))
    return model.eval(), Vocabulary(content["words"])
