"""The language model: an LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) over characters.

Shapes in names: B batch, T characters of a text, V characters known, H hidden units.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.language.characters import Characters
from training.weights import trained_weights

State = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class LanguageConfig:
    """Sizes of the network."""

    characters: int
    hidden: int = 512
    embedding: int = 64  # 0: the LSTM reads one-hot vectors


class LanguageModel(nn.Module):
    """p(x_t | x_1 … x_{t−1}) = softmax(W h_t + b), h the hidden state of an LSTM that reads embeddings of the characters
    (Bengio et al. 2003), or one-hot vectors (Graves 2013)."""

    def __init__(self, config: LanguageConfig):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.characters, config.embedding) if config.embedding else None
        self.lstm = nn.LSTM(config.embedding or config.characters, config.hidden, batch_first=True)
        self.output = nn.Linear(config.hidden, config.characters)
        # The forget gates begin open (Jozefowicz et al. 2015): gates are in the order input, forget, cell, output.
        nn.init.ones_(self.lstm.bias_ih_l0.data[config.hidden : 2 * config.hidden])

    def inputs(self, ids_BT: Tensor) -> Tensor:
        """What the LSTM reads of each character."""
        if self.embedding is not None:
            return self.embedding(ids_BT)
        return F.one_hot(ids_BT, self.config.characters).to(self.output.weight.dtype)

    def forward(self, ids_BT: Tensor, state: State | None = None) -> tuple[Tensor, Tensor, State]:
        """
        Returns:
            logits_BTV of the character after each, hidden_BTH, and the state (1BH each) behind the last.
        """
        hidden_BTH, state = self.lstm(self.inputs(ids_BT), state)
        return self.output(hidden_BTH), hidden_BTH, state


def checkpoint_extra(model: LanguageModel, characters: Characters) -> dict[str, Any]:
    """What is needed to build the model again."""
    return {"config": asdict(model.config), "characters": characters.known}


def load(path: Path) -> tuple[LanguageModel, Characters]:
    """A model in evaluation mode from a checkpoint, and the characters that it knows."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    model = LanguageModel(LanguageConfig(**content["config"]))
    model.load_state_dict(trained_weights(path))
    return model.eval(), Characters(content["characters"])
