"""Four ways to answer a question on a photo behind one interface, from the language alone to the one that ships.

| kind                | source                                   | what it sees of the photo                            |
|---------------------|------------------------------------------|------------------------------------------------------|
| `question-only`     | a baseline                               | nothing                                              |
| `vis-lstm`          | Ren et al. 2015, section 3.1             | the whole photo once, as the question's first word   |
| `stacked-attention` | Yang et al. 2016, eq. 5 and 15–23        | two attended mixtures of regions, one after the other|
| `top-down`          | Anderson et al. 2018; Teney et al. 2018  | one attended mixture, multiplied with the question   |

The first and the last read a question in two ways, and hear it twice. A few thousand questions do not teach an LSTM which words
speak for which answers: the sum of the words' vectors, beside what the LSTM has read, and a linear layer from it to the answers
learn that in a few epochs (as the bag-of-words baseline of Zhou et al. 2015).

Shape suffixes: B photos, N questions, T words, R regions, D features of an encoder region, F features of an
answerer's region, A attention size, E embedding size, H hidden size, Q what is known of a question, C answers.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.vision import FEATURES, REGIONS
from training.vqa.vocabulary import PAD

KINDS = ("question-only", "vis-lstm", "stacked-attention", "top-down")
_HOPS = 2  # of stacked attention


@dataclass(frozen=True)
class AnswererConfig:
    """Sizes of an answerer. The defaults are those of the model that ships."""

    words: int
    answers: int
    kind: str = "top-down"
    hidden_size: int = 512
    embedding_size: int = 300
    attention_size: int = 256
    bidirectional: bool = True  # the two papers' kinds read in one direction whatever this says
    bag_of_words: bool = True  # beside the LSTM; not for the two papers' kinds
    dropout: float = 0.4


class QuestionEncoder(nn.Module):
    """tokens_NT (zero-padded) → question_NQ by an LSTM, or by two of half the size that read from both ends; and behind
    that, where it is asked for, the sum of the words' vectors over the root of their number.

    The second one reads a reversed copy, so that padding never enters it, and the exported graph needs no lengths.
    """

    def __init__(
        self,
        words: int,
        embedding_size: int,
        hidden_size: int,
        bidirectional: bool,
        dropout: float,
        bag_of_words: bool = False,
    ):
        super().__init__()
        self.bag_of_words = bag_of_words
        self.size = hidden_size + (embedding_size if bag_of_words else 0)  # Q
        self.embedding = nn.Embedding(words, embedding_size, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, std=embedding_size**-0.5)
        self.embedding.weight.data[PAD] = 0
        size = hidden_size // 2 if bidirectional else hidden_size
        self.forward_lstm = nn.LSTM(embedding_size, size, batch_first=True)
        self.backward_lstm = nn.LSTM(embedding_size, size, batch_first=True) if bidirectional else None
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens_NT: Tensor, first_NE: Tensor | None = None) -> Tensor:
        """
        Args:
            first_NE: a vector that is read before the words (VIS+LSTM), in one direction only.
        """
        length_N1 = (tokens_NT != PAD).sum(1, keepdim=True).clamp(min=1)
        x_NTE = self.dropout(self.embedding(tokens_NT))
        if first_NE is not None:
            x_NTE = torch.cat([first_NE.unsqueeze(1), x_NTE], dim=1)
            length_N1 = length_N1 + 1
        bag_NE = x_NTE.sum(1) * length_N1**-0.5  # padding's vector is zero
        final = [_last(self.forward_lstm(x_NTE)[0], length_N1)]
        if self.backward_lstm is not None:
            position_1T = torch.arange(tokens_NT.shape[1], device=tokens_NT.device).unsqueeze(0)
            reversed_NT = torch.where(position_1T < length_N1, length_N1 - 1 - position_1T, position_1T)
            x_NTE = self.dropout(self.embedding(tokens_NT.gather(1, reversed_NT)))
            final.append(_last(self.backward_lstm(x_NTE)[0], length_N1))
        if self.bag_of_words:
            final.append(bag_NE)
        return self.dropout(torch.cat(final, dim=-1))


def _last(states_NTH: Tensor, length_N1: Tensor) -> Tensor:
    index_N1H = (length_N1 - 1).unsqueeze(-1).expand(-1, 1, states_NTH.shape[2])
    return states_NTH.gather(1, index_N1H).squeeze(1)


class Answerer(nn.Module):
    """`prepare` once for a photo, then `answer` for any number of questions on it."""

    def __init__(self, config: AnswererConfig):
        super().__init__()
        if config.kind not in KINDS:
            raise ValueError(f"unknown answerer {config.kind!r}: choose one of {', '.join(KINDS)}")
        self.config = config
        kind, hidden, attention = config.kind, config.hidden_size, config.attention_size
        ours = kind in ("question-only", "top-down")
        self.question = QuestionEncoder(
            config.words,
            config.embedding_size,
            hidden,
            config.bidirectional and ours,
            config.dropout,
            config.bag_of_words and ours,
        )
        self.dropout = nn.Dropout(config.dropout)
        if kind == "vis-lstm":
            self.project_photo = nn.Linear(FEATURES, config.embedding_size)
        if kind in ("stacked-attention", "top-down"):
            self.project_regions = nn.Linear(FEATURES, hidden)
        if kind == "stacked-attention":
            self.region_keys = nn.Linear(hidden, _HOPS * attention, bias=False)
            self.queries = nn.ModuleList(nn.Linear(hidden, attention) for _ in range(_HOPS))
            self.attention_scores = nn.ModuleList(nn.Linear(attention, 1) for _ in range(_HOPS))
        if kind == "top-down":
            # The regions' features do not say where they are, and questions ask for it.
            self.position = nn.Parameter(torch.zeros(REGIONS, hidden))
            self.region_keys = nn.Linear(hidden, attention)
            self.query = nn.Linear(self.question.size, attention)
            self.attention_score = nn.Parameter(torch.full((attention,), attention**-0.5))
            self.fuse_regions = nn.Linear(hidden, hidden)
        if ours:
            self.fuse_question = nn.Linear(self.question.size, hidden)
        if self.question.bag_of_words:
            self.prior = nn.Linear(config.embedding_size, config.answers, bias=False)  # what the words alone speak for
        self.output = nn.Linear(hidden, config.answers)
        # Divides the logits, so that probabilities say how often answers are right; fitted on dev, not by gradients.
        self.register_buffer("temperature", torch.tensor(1.0))

    def prepare(self, regions_BRD: Tensor) -> tuple[Tensor, Tensor]:
        """regions_BRD → features_BRF and keys_BRA: all that the answers need of a photo."""
        kind = self.config.kind
        if kind == "vis-lstm":
            features = self.project_photo(regions_BRD.mean(1, keepdim=True))
        elif kind == "stacked-attention":
            features = torch.tanh(self.project_regions(self.dropout(regions_BRD)))
            return features, self.region_keys(features)
        elif kind == "top-down":
            features = self.dropout(torch.relu(self.project_regions(regions_BRD) + self.position))
            return features, torch.relu(self.region_keys(features))
        else:
            features = 0 * regions_BRD[:, :, :1]
        # No attention and so no keys; one column of zeros keeps the interface.
        return features, 0 * regions_BRD[:, :, :1]

    def answer(
        self, tokens_NT: Tensor, photo_N: Tensor, features_BRF: Tensor, keys_BRA: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Questions, each on the photo that `photo_N` counts out → logits_NC, attention_NR (sums to 1)."""
        kind = self.config.kind
        features_NRF, keys_NRA = features_BRF[photo_N], keys_BRA[photo_N]
        if kind == "vis-lstm":
            question_NQ = self.question(tokens_NT, features_NRF.squeeze(1))
        else:
            question_NQ = self.question(tokens_NT)
        attention_NR = keys_NRA.new_full((1, REGIONS), 1 / REGIONS).expand(tokens_NT.shape[0], -1)

        if kind == "stacked-attention":
            joint_NH = question_NQ
            for hop, keys in enumerate(keys_NRA.chunk(_HOPS, dim=-1)):
                hidden_NRA = self.dropout(torch.tanh(keys + self.queries[hop](joint_NH).unsqueeze(1)))
                attention_NR = torch.softmax(self.attention_scores[hop](hidden_NRA).squeeze(-1), dim=-1)
                joint_NH = (attention_NR.unsqueeze(1) @ features_NRF).squeeze(1) + joint_NH
        elif kind == "top-down":
            # Both sides multiplied and summed with weights is one matrix product with the weighted query.
            query_NA = self.dropout(torch.relu(self.query(question_NQ))) * self.attention_score
            attention_NR = torch.softmax((keys_NRA @ query_NA.unsqueeze(-1)).squeeze(-1), dim=-1)
            context_NF = (attention_NR.unsqueeze(1) @ features_NRF).squeeze(1)
            joint_NH = torch.relu(self.fuse_question(question_NQ)) * torch.relu(self.fuse_regions(context_NF))
        elif kind == "question-only":
            joint_NH = torch.relu(self.fuse_question(question_NQ))
        else:
            joint_NH = question_NQ
        logits_NC = self.output(self.dropout(joint_NH))
        if self.question.bag_of_words:
            logits_NC = logits_NC + self.prior(question_NQ[:, self.config.hidden_size :])
        return logits_NC, attention_NR

    def forward(self, regions_BRD: Tensor, tokens_NT: Tensor, photo_N: Tensor) -> Tensor:
        """logits_NC of questions on a batch of photos."""
        return self.answer(tokens_NT, photo_N, *self.prepare(regions_BRD))[0]
