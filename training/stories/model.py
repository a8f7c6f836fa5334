"""A recurrent memory network: it reads sentences, looks back at them several times, and keeps in its state what it found.

| part                        | source                                                                                       |
|-----------------------------|----------------------------------------------------------------------------------------------|
| sentences and questions     | embeddings weighted by position (Sukhbaatar et al. 2015, section 4.1), or a GRU over words       |
| when a sentence was said    | a vector for its age (Sukhbaatar et al. 2015, section 4.1), or a GRU over sentences            |
|                             | (Xiong et al. 2016, "input fusion layer", eq. 4–6)                                             |
| attention in hops           | softmax of products with the state (Sukhbaatar et al. 2015, eq. 1–3), linear at first           |
| what the state becomes      | a gate between what it was and what was found, the same in each hop (Liu & Perez 2017, eq. 7–8) |

Shape suffixes: B questions, M sentences of a story, S different sentences, W words, D units, A answers, H hops.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.stories.vocabulary import PAD, Vocabulary
from training.weights import trained_weights

ENCODERS = ("gru", "position")
CONTEXTS = ("both", "forward", "none")
_AGES = 80  # that have a vector of their own, where no GRU goes over the sentences


@dataclass(frozen=True)
class StoryConfig:
    """Sizes. The defaults are those of the model that ships."""

    words: int
    answers: int
    units: int = 64
    hops: int = 3
    encoder: str = "position"
    context: str = "none"
    dropout: float = 0.05


class SentenceEncoder(nn.Module):
    """tokens_SW (zero-padded) → one vector a sentence, sentence_SD; zeros for an empty one."""

    def __init__(self, embedding: nn.Embedding, units: int, kind: str):
        super().__init__()
        self.embedding = embedding
        self.gru = nn.GRU(units, units, batch_first=True) if kind == "gru" else None

    def forward(self, tokens_SW: Tensor) -> Tensor:
        real_SW1 = (tokens_SW != PAD).unsqueeze(-1).float()
        length_S11 = real_SW1.sum(1, keepdim=True).clamp(min=1)
        x_SWD = self.embedding(tokens_SW) * real_SW1
        if self.gru is not None:
            last_S1D = (length_S11.long() - 1).expand(-1, 1, x_SWD.shape[2])
            final_SD = self.gru(x_SWD)[0].gather(1, last_S1D).squeeze(1)
            return final_SD * real_SW1[:, 0]
        # l_kj = (1 − j/J) − (k/d)(1 − 2j/J), j being the word and k the unit.
        j_W1 = torch.arange(1, tokens_SW.shape[1] + 1, device=x_SWD.device).unsqueeze(-1)
        k_D = torch.arange(1, x_SWD.shape[2] + 1, device=x_SWD.device) / x_SWD.shape[2]
        share_SW1 = j_W1 / length_S11
        return (((1 - share_SW1) - k_D * (1 - 2 * share_SW1)) * x_SWD).sum(1)


class StoryReader(nn.Module):
    """A story and a question → logits of the answers, and the attention of each hop."""

    def __init__(self, config: StoryConfig):
        super().__init__()
        if config.encoder not in ENCODERS or config.context not in CONTEXTS:
            raise ValueError(f"choose an encoder of {', '.join(ENCODERS)} and a context of {', '.join(CONTEXTS)}")
        self.config = config
        units = config.units
        embedding = nn.Embedding(config.words, units, padding_idx=PAD)
        nn.init.normal_(embedding.weight, std=units**-0.5)
        self.sentence = SentenceEncoder(embedding, units, config.encoder)
        self.question = SentenceEncoder(embedding, units, config.encoder)
        self.forward_gru = nn.GRU(units, units, batch_first=True) if config.context != "none" else None
        self.backward_gru = nn.GRU(units, units, batch_first=True) if config.context == "both" else None
        # Where no GRU says what came when: one age for finding a sentence, and one for what is found.
        self.ages = nn.Parameter(torch.randn(2, _AGES, units) * 0.1) if config.context == "none" else None
        self.queries = nn.ModuleList(nn.Linear(units, units, bias=False) for _ in range(config.hops))
        self.values = nn.ModuleList(nn.Linear(units, units, bias=False) for _ in range(config.hops))
        for layer in (*self.queries, *self.values):
            # A word finds itself from the start, as where Sukhbaatar et al. tie the embeddings of question and memory.
            nn.init.eye_(layer.weight)
        self.gate = nn.Linear(units, units)
        self.hidden = nn.Linear(2 * units, 2 * units)
        self.output = nn.Linear(3 * units, config.answers)
        self.dropout = nn.Dropout(config.dropout)
        # Divides the logits, so that probabilities say how often answers are right; fitted on dev, not by gradients.
        self.register_buffer("temperature", torch.tensor(1.0))

    def remember(self, x_BMD: Tensor, real_BM: Tensor) -> Tensor:
        """memory_2BMD: what each sentence means in its story, as it is found and as it is read."""
        length_B1 = real_BM.sum(1, keepdim=True).long()
        place_1M = torch.arange(x_BMD.shape[1], device=x_BMD.device).unsqueeze(0)
        # Padding stays behind, so that no direction reads it before a sentence.
        backward_BM = torch.where(place_1M < length_B1, length_B1 - 1 - place_1M, place_1M)
        if self.ages is not None:
            return x_BMD + self.ages[:, backward_BM.clamp(max=_AGES - 1)]
        x_BMD = self.dropout(x_BMD)
        memory_BMD = x_BMD
        if self.forward_gru is not None:
            memory_BMD = memory_BMD + self.forward_gru(x_BMD)[0]
        if self.backward_gru is not None:
            turn_BMD = backward_BM.unsqueeze(-1).expand(-1, -1, x_BMD.shape[2])
            memory_BMD = memory_BMD + self.backward_gru(x_BMD.gather(1, turn_BMD))[0].gather(1, turn_BMD)
        return torch.stack([memory_BMD, memory_BMD])

    def forward(
        self, sentences_SW: Tensor, story_BM: Tensor, questions_BW: Tensor, linear: bool = False
    ) -> tuple[Tensor, Tensor]:
        """
        Args:
            story_BM: each sentence of a story as a row of `sentences_SW`; padded at the end with a sentence without words.
            linear: attention without softmax, as Sukhbaatar et al. start training.

        Returns:
            as `answer` does.
        """
        real_BM = (sentences_SW[:, 0] != PAD)[story_BM].float()
        return self.answer(self.sentence(sentences_SW)[story_BM], real_BM, questions_BW, linear)

    def answer(
        self, sentence_BMD: Tensor, real_BM: Tensor, questions_BW: Tensor, linear: bool = False
    ) -> tuple[Tensor, Tensor]:
        """
        Args:
            sentence_BMD: zeros for one without words.
            real_BM: 1 for a sentence, 0 for what fills up a story at its end.

        Returns:
            logits_BA, and attention_BHM, each hop of which sums to 1 (not where `linear`).
        """
        key_BMD, value_BMD = self.remember(sentence_BMD, real_BM)
        question_BD = state_BD = self.question(questions_BW)
        hops = []
        for query, values in zip(self.queries, self.values, strict=True):
            score_BM = (key_BMD @ query(state_BD).unsqueeze(-1)).squeeze(-1)
            attention_BM = score_BM * real_BM if linear else torch.softmax(score_BM - 1e4 * (1 - real_BM), dim=-1)
            found_BD = self.dropout(values((attention_BM.unsqueeze(1) @ value_BMD).squeeze(1)))
            gate_BD = torch.sigmoid(self.gate(state_BD))
            state_BD = gate_BD * found_BD + (1 - gate_BD) * state_BD
            hops.append(attention_BM)
        hidden_BH = torch.relu(self.hidden(torch.cat([state_BD, question_BD], dim=-1)))
        return self.output(self.dropout(torch.cat([state_BD, hidden_BH], dim=-1))), torch.stack(hops, dim=1)


def checkpoint_extra(model: StoryReader, vocabulary: Vocabulary) -> dict[str, Any]:
    """What is needed to build the model again."""
    return {"config": asdict(model.config), "words": vocabulary.words, "answers": vocabulary.answers}


def load(path: Path) -> tuple[StoryReader, Vocabulary]:
    """A model in evaluation mode from a checkpoint, and its vocabulary."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    model = StoryReader(StoryConfig(**content["config"]))
    model.load_state_dict(trained_weights(path))
    return model.eval(), Vocabulary(tuple(content["words"]), tuple(content["answers"]))
