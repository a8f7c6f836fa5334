"""Two encoder-decoders of LSTMs behind one interface: what stands between encoder and decoder differs.

| kind        | encoder                                 | between                            | decoder                                |
|-------------|-----------------------------------------|------------------------------------|----------------------------------------|
| `plain`     | one LSTM over the sentence from its end | its last state, one vector         | one LSTM that starts from it (Cho et   |
|             | (Sutskever et al. 2014, section 3.3)    | (Sutskever et al. 2014, section 2) | al. 2014, section 2.2)                 |
| `attention` | an LSTM in each direction (Bahdanau et  | a mixture of its states for each   | an LSTM asks, a second one writes with |
|             | al. 2015, section 3.2)                  | token (Luong et al. 2015, eq. 7    | what was found (Wu et al. 2016,        |
|             |                                         | and 8, "general")                  | section 3: the lowest layer attends)   |

The second LSTM of `attention` stands where Luong et al. feed the mixture back: no step of the first has to wait for it, so that
training runs each LSTM over all tokens at once.

Shape suffixes: B sentences, K hypotheses of a sentence, S source tokens, T target tokens, Q either, E embedding size, H hidden size,
M size of the encoder's states, Z state size, J what the output is made from, V target vocabulary.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.translation.vocabulary import PAD, Subwords, Vocabulary
from training.weights import trained_weights

KINDS = ("attention", "plain")


@dataclass(frozen=True)
class TranslatorConfig:
    """Sizes. The defaults are those of the model that ships."""

    source_pieces: int
    target_pieces: int
    kind: str = "attention"
    embedding_size: int = 224
    encoder_size: int = 160  # of each direction
    hidden_size: int = 224
    dropout: float = 0.25
    word_dropout: float = 0.1


class Translator(nn.Module):
    """`encode` once for a sentence, then `step` for each token; `forward` runs whole translations with teacher forcing."""

    def __init__(self, config: TranslatorConfig):
        super().__init__()
        if config.kind not in KINDS:
            raise ValueError(f"unknown kind {config.kind!r}: choose one of {', '.join(KINDS)}")
        self.config = config
        embedding, hidden = config.embedding_size, config.hidden_size
        self.attends = config.kind == "attention"
        self.source_embedding = nn.Embedding(config.source_pieces, embedding, padding_idx=PAD)
        self.target_embedding = nn.Embedding(config.target_pieces, embedding, padding_idx=PAD)
        for table in (self.source_embedding, self.target_embedding):
            nn.init.normal_(table.weight, std=embedding**-0.5)
        if self.attends:
            memory = 2 * config.encoder_size
            self.forward_lstm = nn.LSTM(embedding, config.encoder_size, batch_first=True)
            self.query = nn.Linear(hidden, memory, bias=False)
            self.writer = nn.LSTM(hidden + memory, hidden, batch_first=True)
            self.output = nn.Linear(hidden + memory, embedding)
        else:
            memory = config.encoder_size
            self.output = nn.Linear(hidden, embedding)
        self.backward_lstm = nn.LSTM(embedding, config.encoder_size, batch_first=True)
        self.initial_state = nn.Linear(memory, 2 * hidden)
        self.decoder = nn.LSTM(embedding, hidden, batch_first=True)
        self.output_bias = nn.Parameter(torch.zeros(config.target_pieces))  # the matrix is the embedding's transpose

    @property
    def state_size(self) -> int:
        return (4 if self.attends else 2) * self.config.hidden_size

    def dropout(self, x_BTD: Tensor) -> Tensor:
        """The same units are left out at every token of a sentence (Gal & Ghahramani 2016)."""
        if not self.training or not self.config.dropout:
            return x_BTD
        share = 1 - self.config.dropout
        return x_BTD * (torch.rand_like(x_BTD[:, :1]) < share).to(x_BTD.dtype).div_(share)

    def _embed(self, table: nn.Embedding, ids: Tensor) -> Tensor:
        e = self.dropout(table(ids))
        if not self.training:
            return e
        # Whole tokens are left out, as Sennrich & Zhang 2019 do where there is little to learn from.
        kept = torch.rand(*ids.shape, 1, device=ids.device) >= self.config.word_dropout
        return e * kept

    def encode(self, source_BS: Tensor) -> tuple[Tensor, Tensor]:
        """
        Args:
            source_BS: padded at the end.

        Returns:
            memory_BSM, the encoder's state at each token, and state_BZ, where the decoder starts.
        """
        real_BS = source_BS != PAD
        length_B1 = real_BS.sum(1, keepdim=True)
        place_1S = torch.arange(source_BS.shape[1], device=source_BS.device).unsqueeze(0)
        # Padding stays behind, so that no direction reads it before a token.
        turn_BS1 = torch.where(place_1S < length_B1, length_B1 - 1 - place_1S, place_1S).unsqueeze(-1)
        x_BSE = self._embed(self.source_embedding, source_BS)
        turned_BSH, _ = self.backward_lstm(x_BSE.gather(1, turn_BS1.expand(-1, -1, x_BSE.shape[2])))
        memory_BSM = turned_BSH.gather(1, turn_BS1.expand(-1, -1, turned_BSH.shape[2]))
        if not self.attends:
            # The first token is read last.
            return memory_BSM, torch.tanh(self.initial_state(self.dropout(memory_BSM[:, :1])[:, 0]))
        memory_BSM = self.dropout(torch.cat([self.forward_lstm(x_BSE)[0], memory_BSM], dim=-1))
        mean_BM = (memory_BSM * real_BS.unsqueeze(-1)).sum(1) / length_B1
        state_BZ = torch.tanh(self.initial_state(mean_BM))
        return memory_BSM, torch.cat([state_BZ, torch.zeros_like(state_BZ)], dim=-1)

    def _attend(self, h_BQH: Tensor, memory_BSM: Tensor, real_BS: Tensor) -> tuple[Tensor, Tensor]:
        """What Q states of the decoder find in the source: found_BQM, and attention_BQS (each sums to 1)."""
        # score(h, m) = hᵀ W m (Luong et al. 2015, eq. 8)
        score_BQS = self.query(h_BQH) @ memory_BSM.transpose(1, 2)
        attention_BQS = torch.softmax(score_BQS - 1e4 * (1 - real_BS.unsqueeze(1)), dim=-1)
        return attention_BQS @ memory_BSM, attention_BQS

    def _hidden(self, joined_BTJ: Tensor) -> Tensor:
        """tanh(W [h; c]) as in Luong et al. 2015, eq. 5: hidden_BTE."""
        return self.dropout(torch.tanh(self.output(self.dropout(joined_BTJ))))

    def _logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.target_embedding.weight, self.output_bias)

    def step(
        self, tokens_BK: Tensor, state_BKZ: Tensor, memory_BSM: Tensor | None, real_BS: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """One token of K hypotheses a sentence → logits_BKV, next state_BKZ, attention_BKS.

        The memory is what `encode` gave, real_BS is 0 for padding: `plain` needs neither, and has no attention.
        """
        B, K = tokens_BK.shape
        hidden = self.config.hidden_size
        h1, c1, *upper = (part.reshape(1, B * K, hidden) for part in state_BKZ.split(hidden, dim=-1))
        e = self.target_embedding(tokens_BK).reshape(B * K, 1, -1)
        _, (h1, c1) = self.decoder(e, (h1, c1))
        joined_BKJ = h1.view(B, K, hidden)
        state, attention_BKS = [h1, c1], None
        if self.attends:
            found_BKM, attention_BKS = self._attend(joined_BKJ, memory_BSM, real_BS)
            read = torch.cat([joined_BKJ, found_BKM], dim=-1).view(B * K, 1, -1)
            _, (h2, c2) = self.writer(read, (upper[0], upper[1]))
            joined_BKJ = torch.cat([h2.view(B, K, hidden), found_BKM], dim=-1)
            state += [h2, c2]
        return self._logits(self._hidden(joined_BKJ)), torch.cat(state, dim=-1).view(B, K, -1), attention_BKS

    def forward(self, source_BS: Tensor, target_BT: Tensor) -> Tensor:
        """Teacher forcing: logits_NV of the N tokens behind `<start>` that are not padding, sentence by sentence."""
        memory_BSM, state_BZ = self.encode(source_BS)
        h1, c1, *upper = (part.unsqueeze(0).contiguous() for part in state_BZ.split(self.config.hidden_size, dim=-1))
        joined_BTJ, _ = self.decoder(self._embed(self.target_embedding, target_BT[:, :-1]), (h1, c1))
        if self.attends:
            found_BTM, _ = self._attend(joined_BTJ, memory_BSM, (source_BS != PAD).float())
            written_BTH, _ = self.writer(torch.cat([self.dropout(joined_BTJ), found_BTM], dim=-1), (upper[0], upper[1]))
            joined_BTJ = torch.cat([written_BTH, found_BTM], dim=-1)
        return self._logits(self._hidden(joined_BTJ)[target_BT[:, 1:] != PAD])


def checkpoint_extra(model: Translator, vocabulary: Vocabulary) -> dict[str, Any]:
    """What is needed to build the model again."""
    subwords = {"english": vocabulary.english.model, "russian": vocabulary.russian.model}
    return {"config": asdict(model.config), **subwords}


def load(path: Path) -> tuple[Translator, Vocabulary]:
    """A model in evaluation mode from a checkpoint, and its vocabulary."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    model = Translator(TranslatorConfig(**content["config"]))
    model.load_state_dict(trained_weights(path))
    return model.eval(), Vocabulary(Subwords(content["english"]), Subwords(content["russian"]))
