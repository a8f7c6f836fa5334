"""Four caption decoders behind one interface, from the plain LSTM of the first papers to the one that ships.

| kind             | source                                              | what the LSTM sees                             |
|------------------|-----------------------------------------------------|------------------------------------------------|
| `init-inject`    | Vinyals et al. 2015; Tanti et al. 2018              | the photo once, as its initial state           |
| `soft-attention` | Xu et al. 2015, eq. 4–6, 13 and 14                  | an attended mixture of regions at each word    |
| `adaptive`       | Lu et al. 2017, eq. 5–13                            | the same, or a sentinel for words without image|
| `top-down`       | Anderson et al. 2018, eq. 1–6                       | one LSTM attends, a second one writes          |

Shape suffixes: B photos, K captions of a photo (beams, samples or references), R regions, D features of an encoder
region, F features of a decoder region, A attention size, E embedding size, H hidden size, S state size,
V vocabulary size, T time steps.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.vision import FEATURES

KINDS = ("init-inject", "soft-attention", "adaptive", "top-down")


@dataclass(frozen=True)
class DecoderConfig:
    """Sizes of a decoder. The defaults are those of the model that ships."""

    vocabulary_size: int
    kind: str = "soft-attention"
    hidden_size: int = 512
    embedding_size: int = 300
    attention_size: int = 256
    dropout: float = 0.4


class Decoder(nn.Module):
    """`prepare` once for a photo, then `step` for each word; `forward` runs a whole caption with teacher forcing."""

    def __init__(self, config: DecoderConfig):
        super().__init__()
        if config.kind not in KINDS:
            raise ValueError(f"unknown decoder {config.kind!r}: choose one of {', '.join(KINDS)}")
        self.config = config
        kind, hidden, embedding = config.kind, config.hidden_size, config.embedding_size
        self.embedding = nn.Embedding(config.vocabulary_size, embedding)
        nn.init.normal_(self.embedding.weight, std=embedding**-0.5)
        self.project_regions = nn.Linear(FEATURES, hidden)
        if kind != "init-inject":
            self.region_keys = nn.Linear(hidden, config.attention_size, bias=False)
            self.query = nn.Linear(hidden, config.attention_size)
            self.attention_score = nn.Linear(config.attention_size, 1, bias=False)
        inputs = {
            "init-inject": embedding,
            "soft-attention": embedding + hidden,
            "adaptive": embedding + hidden,
            "top-down": embedding + 2 * hidden,
        }[kind]
        self.attention_lstm = nn.LSTMCell(inputs, hidden)
        if kind == "top-down":
            self.language_lstm = nn.LSTMCell(2 * hidden, hidden)
        else:
            self.initial_state = nn.Linear(hidden, 2 * hidden)
        if kind == "soft-attention":
            self.context_gate = nn.Linear(hidden, 1)  # beta of Xu et al. 2015, section 4.2.1
        if kind == "adaptive":
            self.sentinel_gate = nn.Linear(inputs + hidden, hidden)
            self.sentinel_key = nn.Linear(hidden, config.attention_size)
        joined = {"init-inject": hidden, "soft-attention": 2 * hidden, "adaptive": hidden, "top-down": hidden}[kind]
        self.output = nn.Linear(joined, embedding)  # the output matrix is the embedding's transpose
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary_size))
        self.dropout = nn.Dropout(config.dropout)

    @property
    def state_size(self) -> int:
        return (4 if self.config.kind == "top-down" else 2) * self.config.hidden_size

    def prepare(self, regions_BRD: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """regions_BRD → features_BRF, keys_BRA, state_BS: all that the steps need of a photo."""
        features_BRF = self.dropout(torch.relu(self.project_regions(regions_BRD)))
        # The plain LSTM has no attention and so no keys; one column of zeros keeps the interface.
        plain = self.config.kind == "init-inject"
        keys_BRA = features_BRF.new_zeros(*features_BRF.shape[:2], 1) if plain else self.region_keys(features_BRF)
        if self.config.kind == "top-down":
            state_BS = features_BRF.new_zeros(features_BRF.shape[0], self.state_size)
        else:
            state_BS = torch.tanh(self.initial_state(features_BRF.mean(1)))
        return features_BRF, keys_BRA, state_BS

    def step(
        self, tokens_BK: Tensor, state_BKS: Tensor, features_BRF: Tensor, keys_BRA: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One word of K captions a photo → logits_BKV, next state_BKS, attention_BKR (sums to 1)."""
        e_BKE = self.dropout(self.embedding(tokens_BK))
        joined_BKJ, state_BKS, attention_BKR = self._advance(e_BKE, state_BKS, features_BRF, keys_BRA)
        return self._logits(joined_BKJ), state_BKS, attention_BKR

    def _advance(
        self, e_BKE: Tensor, state_BKS: Tensor, features_BRF: Tensor, keys_BRA: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        kind, hidden = self.config.kind, self.config.hidden_size
        B, K, _ = e_BKE.shape
        parts = [part.reshape(B * K, hidden) for part in state_BKS.split(hidden, dim=-1)]

        if kind == "top-down":
            h1, c1, h2, c2 = parts
            mean_BKF = features_BRF.mean(1, keepdim=True).expand(B, K, hidden)
            x = torch.cat([h2.view(B, K, hidden), mean_BKF, e_BKE], dim=-1)
            h1, c1 = self.attention_lstm(x.view(B * K, -1), (h1, c1))
            attention_BKR = self._attend(h1.view(B, K, hidden), keys_BRA)
            context_BKF = attention_BKR @ features_BRF
            x = torch.cat([context_BKF, h1.view(B, K, hidden)], dim=-1)
            h2, c2 = self.language_lstm(x.view(B * K, -1), (h2, c2))
            state = [h1, c1, h2, c2]
            joined_BKJ = h2.view(B, K, hidden)
        elif kind == "soft-attention":
            h, c = parts
            attention_BKR = self._attend(h.view(B, K, hidden), keys_BRA)
            gate = torch.sigmoid(self.context_gate(h)).view(B, K, 1)
            context_BKF = gate * (attention_BKR @ features_BRF)
            x = torch.cat([e_BKE, context_BKF], dim=-1)
            h, c = self.attention_lstm(x.view(B * K, -1), (h, c))
            state = [h, c]
            joined_BKJ = torch.cat([h.view(B, K, hidden), context_BKF], dim=-1)
        elif kind == "adaptive":
            h, c = parts
            x = torch.cat([e_BKE, features_BRF.mean(1, keepdim=True).expand(B, K, hidden)], dim=-1).view(B * K, -1)
            gate = torch.sigmoid(self.sentinel_gate(torch.cat([x, h], dim=-1)))
            h, c = self.attention_lstm(x, (h, c))
            sentinel_BKF = (gate * torch.tanh(c)).view(B, K, hidden)
            query_BKA = self.query(h.view(B, K, hidden))
            scores_BKR = self._scores(query_BKA, keys_BRA)
            sentinel_BK1 = self.attention_score(torch.tanh(query_BKA + self.sentinel_key(sentinel_BKF)))
            weights = torch.softmax(torch.cat([scores_BKR, sentinel_BK1], dim=-1), dim=-1)
            context_BKF = weights[..., :-1] @ features_BRF + weights[..., -1:] * sentinel_BKF
            # The part of the attention that is on the photo, as a distribution, is what a reader is shown.
            attention_BKR = weights[..., :-1] / weights[..., :-1].sum(-1, keepdim=True)
            state = [h, c]
            joined_BKJ = context_BKF + h.view(B, K, hidden)
        else:
            h, c = self.attention_lstm(e_BKE.view(B * K, -1), tuple(parts))
            state = [h, c]
            joined_BKJ = h.view(B, K, hidden)
            attention_BKR = features_BRF.new_full((B, K, features_BRF.shape[1]), 1 / features_BRF.shape[1])

        return joined_BKJ, torch.cat(state, dim=-1).view(B, K, -1), attention_BKR

    def _logits(self, joined: Tensor) -> Tensor:
        return functional.linear(self.output(self.dropout(joined)), self.embedding.weight, self.output_bias)

    def _attend(self, h_BKH: Tensor, keys_BRA: Tensor) -> Tensor:
        return torch.softmax(self._scores(self.query(h_BKH), keys_BRA), dim=-1)

    def _scores(self, query_BKA: Tensor, keys_BRA: Tensor) -> Tensor:
        """Additive attention (Bahdanau et al. 2015): scores_BKR."""
        return self.attention_score(torch.tanh(query_BKA.unsqueeze(2) + keys_BRA.unsqueeze(1))).squeeze(-1)

    def forward(self, regions_BRD: Tensor, tokens_BKT: Tensor, select_BKT: Tensor) -> Tensor:
        """Teacher forcing: logits_NV for the token after each of the N tokens that `select_BKT` marks, in its order.

        About half of a batch is padding, and the output layer is the dearest: it runs once, over what counts.
        """
        features_BRF, keys_BRA, state_BS = self.prepare(regions_BRD)
        B, K, T = tokens_BKT.shape
        state_BKS = state_BS.unsqueeze(1).expand(B, K, -1)
        e_BKTE = self.dropout(self.embedding(tokens_BKT))
        joined = []
        for t in range(T):
            joined_BKJ, state_BKS, _ = self._advance(e_BKTE[:, :, t], state_BKS, features_BRF, keys_BRA)
            joined.append(joined_BKJ)
        return self._logits(torch.stack(joined, dim=2)[select_BKT])
