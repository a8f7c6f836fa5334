"""Decoding: beam search as in the app (lib/captioning, TypeScript), and sampling for self-critical training."""

from dataclasses import dataclass

import torch
from torch import Tensor

from training.captioning.decoder import Decoder
from training.captioning.vocabulary import END, START, UNKNOWN


@dataclass(frozen=True)
class Hypothesis:
    """A finished caption: token ids without the end token, and the log-probability with it."""

    tokens: tuple[int, ...]
    log_probability: float
    score: float


@torch.inference_mode()
def beam_search(
    decoder: Decoder, regions_BRD: Tensor, beam: int = 4, longest: int = 20, length_penalty: float = 0.7
) -> list[list[Hypothesis]]:
    """The `beam` best captions of each photo, best first.

    A hypothesis is ranked by log P / (tokens + 1)^length_penalty. `<start>` and `<unk>` are never written, no caption
    is empty, and no word stands three times in a row.
    """
    features_BRF, keys_BRA, state_BS = decoder.prepare(regions_BRD)
    B = regions_BRD.shape[0]
    state_BKS = state_BS.unsqueeze(1).expand(B, beam, -1).contiguous()
    tokens = torch.full((B, beam, 1), START, device=regions_BRD.device)
    totals_BK = torch.full((B, beam), float("-inf"), device=regions_BRD.device)
    totals_BK[:, 0] = 0.0
    finished: list[list[Hypothesis]] = [[] for _ in range(B)]

    for position in range(longest + 1):
        logits_BKV, state_BKS, _ = decoder.step(tokens[:, :, -1], state_BKS, features_BRF, keys_BRA)
        log_p_BKV = torch.log_softmax(logits_BKV.float(), dim=-1)
        log_p_BKV[:, :, [START, UNKNOWN]] = float("-inf")
        if position == 0:
            log_p_BKV[:, :, END] = float("-inf")
        if position >= 2:
            repeated = tokens[:, :, -1] == tokens[:, :, -2]
            log_p_BKV.scatter_add_(
                2, tokens[:, :, -1:], torch.where(repeated, float("-inf"), 0.0).unsqueeze(-1).to(log_p_BKV)
            )
        candidates_BKV = totals_BK.unsqueeze(-1) + log_p_BKV
        written, ended = tokens[:, :, 1:].tolist(), candidates_BKV[:, :, END].tolist()
        for b in range(B):
            for words, total in zip(written[b], ended[b], strict=True):
                if total > float("-inf"):
                    finished[b].append(Hypothesis(tuple(words), total, total / (len(words) + 1) ** length_penalty))
        if position == longest:
            break
        candidates_BKV[:, :, END] = float("-inf")
        V = candidates_BKV.shape[-1]
        totals_BK, flat_BK = candidates_BKV.flatten(1).topk(beam, dim=1)
        source_BK = flat_BK // V
        tokens = torch.cat(
            [tokens.gather(1, source_BK.unsqueeze(-1).expand(-1, -1, tokens.shape[2])), (flat_BK % V).unsqueeze(-1)], 2
        )
        state_BKS = state_BKS.gather(1, source_BK.unsqueeze(-1).expand(-1, -1, state_BKS.shape[-1]))
        best = totals_BK.max(1).values.tolist()
        if all(_settled(finished[b], best[b], beam, longest, length_penalty) for b in range(B)):
            break
    return [sorted(group, key=lambda h: -h.score)[:beam] for group in finished]


def _settled(finished: list[Hypothesis], best: float, beam: int, longest: int, length_penalty: float) -> bool:
    """True when no live beam, of which the most probable has log P `best`, can still enter the `beam` best captions."""
    if len(finished) < beam:
        return False
    worst = sorted((h.score for h in finished), reverse=True)[beam - 1]
    # log P only falls; the most it can be divided by is the longest length's penalty.
    return best / (longest + 1) ** length_penalty < worst


def sample(decoder: Decoder, regions_BRD: Tensor, count: int, longest: int = 20, temperature: float = 1.0) -> Tensor:
    """`count` sampled captions a photo: tokens_BKT padded with the end token. Runs without gradients.

    Raises:
        ValueError: the temperature is not above 0 (`beam_search` with one beam takes the most probable words).
    """
    if temperature <= 0:
        raise ValueError(f"the temperature is {temperature}: choose one above 0")
    with torch.no_grad():
        features_BRF, keys_BRA, state_BS = decoder.prepare(regions_BRD)
        B = regions_BRD.shape[0]
        state_BKS = state_BS.unsqueeze(1).expand(B, count, -1)
        token_BK = torch.full((B, count), START, device=regions_BRD.device)
        ended_BK = torch.zeros(B, count, dtype=torch.bool, device=regions_BRD.device)
        tokens = []
        for _ in range(longest + 1):
            logits_BKV, state_BKS, _ = decoder.step(token_BK, state_BKS, features_BRF, keys_BRA)
            logits_BKV = logits_BKV.float() / temperature
            logits_BKV[:, :, [START, UNKNOWN]] = float("-inf")
            # Gumbel-max sampling: one argmax instead of a sort or a cumulative sum over the vocabulary.
            noise = -torch.log(-torch.log(torch.rand_like(logits_BKV).clamp_(1e-9, 1 - 1e-7)))
            token_BK = (logits_BKV + noise).argmax(-1)
            token_BK = torch.where(ended_BK, END, token_BK)
            tokens.append(token_BK)
            ended_BK = ended_BK | (token_BK == END)
            if ended_BK.all():
                break
        return torch.stack(tokens, dim=2)
