"""Beam search as in the app (`lib/translation`, TypeScript).

Shapes in names: B sentences, K hypotheses of a sentence, S source tokens, T target tokens, V target vocabulary, Z state size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.translation.dataset import encode_source, pad
from training.translation.model import Translator
from training.translation.vocabulary import END, PAD, START, UNKNOWN, Vocabulary

LONGEST = 120  # tokens of a translation
BEAM_WIDTH = 5
LENGTH_PENALTY = 1.0


@dataclass(frozen=True)
class Hypothesis:
    """A finished translation: token ids without the end token, and the log-probability with it."""

    tokens: tuple[int, ...]
    log_probability: float
    score: float


def longest_translation(source_tokens: int) -> int:
    """How many tokens a translation may have: a model that does not end is stopped."""
    return min(LONGEST, 2 * source_tokens + 8)


@torch.inference_mode()
def beam_search(
    model: Translator, source_BS: Tensor, beam: int = BEAM_WIDTH, length_penalty: float = LENGTH_PENALTY
) -> list[list[Hypothesis]]:
    """The `beam` best translations of each sentence, best first.

    A hypothesis is ranked by log P / (tokens + 1)^length_penalty. `<pad>`, `<start>` and `<unk>` are never written, and no
    translation is empty.
    """
    memory_BSM, state_BZ = model.encode(source_BS)
    real_BS = (source_BS != PAD).float()
    limits = [longest_translation(int(n)) for n in real_BS.sum(1)]
    B = len(limits)
    state_BKZ = state_BZ.unsqueeze(1).expand(B, beam, -1)
    tokens_BKT = torch.full((B, beam, 1), START, device=source_BS.device)
    totals_BK = torch.full((B, beam), float("-inf"), device=source_BS.device)
    totals_BK[:, 0] = 0.0
    finished: list[list[Hypothesis]] = [[] for _ in range(B)]
    for position in range(max(limits) + 1):
        logits_BKV, state_BKZ, _ = model.step(tokens_BKT[:, :, -1], state_BKZ, memory_BSM, real_BS)
        log_p_BKV = torch.log_softmax(logits_BKV, dim=-1)
        log_p_BKV[:, :, [PAD, START, UNKNOWN]] = float("-inf")
        if position == 0:
            log_p_BKV[:, :, END] = float("-inf")
        candidates_BKV = totals_BK.unsqueeze(-1) + log_p_BKV
        written, ended = tokens_BKT[:, :, 1:].tolist(), candidates_BKV[:, :, END].tolist()
        for b in range(B):
            for words, total in zip(written[b], ended[b], strict=True):
                if total > float("-inf") and position <= limits[b]:
                    finished[b].append(Hypothesis(tuple(words), total, total / (len(words) + 1) ** length_penalty))
        candidates_BKV[:, :, END] = float("-inf")
        V = candidates_BKV.shape[-1]
        totals_BK, flat_BK = candidates_BKV.flatten(1).topk(beam, dim=1)
        source_BK = flat_BK // V
        tokens_BKT = torch.cat(
            [
                tokens_BKT.gather(1, source_BK.unsqueeze(-1).expand(-1, -1, tokens_BKT.shape[2])),
                (flat_BK % V).unsqueeze(-1),
            ],
            2,
        )
        state_BKZ = state_BKZ.gather(1, source_BK.unsqueeze(-1).expand(-1, -1, state_BKZ.shape[-1]))
        best = totals_BK.max(1).values.tolist()
        if all(
            position >= limits[b] or _settled(finished[b], best[b], beam, limits[b], length_penalty) for b in range(B)
        ):
            break
    return [sorted(group, key=lambda h: -h.score)[:beam] for group in finished]


def _settled(finished: list[Hypothesis], best: float, beam: int, limit: int, length_penalty: float) -> bool:
    """True when no live beam, of which the most probable has log P `best`, can still enter the `beam` best translations."""
    if len(finished) < beam:
        return False
    worst = sorted((h.score for h in finished), reverse=True)[beam - 1]
    # log P only falls; the most it can be divided by is the longest length's penalty.
    return best / (limit + 1) ** length_penalty < worst


def translate(
    model: Translator, vocabulary: Vocabulary, texts: Sequence[str], beam: int = BEAM_WIDTH, size: int = 64
) -> list[list[str]]:
    """The `beam` best translations of each text, best first."""
    rows = [encode_source(vocabulary, text) for text in texts]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    found: list[list[str]] = [[] for _ in rows]
    target = next(model.parameters()).device
    for at in range(0, len(order), size):
        part = order[at : at + size]
        for i, hypotheses in zip(part, beam_search(model, pad([rows[i] for i in part]).to(target), beam), strict=True):
            found[i] = [vocabulary.russian.decode(h.tokens) for h in hypotheses]
    return found
