"""Captions for encoded photos: the search of `lib/captioning` (TypeScript) over the same graphs, in numpy.

The app calls it as one model, so that no call over the network is a single word. What it computes has to be what the app computes:
beam search, then an election among its captions by samples (minimum Bayes risk with CIDEr-D), the mirrored photo's included. A test
of the whole compares the two; the reasons for each step stand in the TypeScript.

Shapes: B beams, V words, S numbers of the decoder's state, R regions.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

SAMPLES = 40
TEMPERATURE = 0.7
MORE_CANDIDATES = 6
NEGLIGIBLE = 9.0
LONGEST_PHRASE = 4
LENGTH_SIGMA = 6.0
MOST_BEAMS = 10

Tokens = tuple[int, ...]
Run = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Vocabulary:
    """`captioning/vocabulary.json`."""

    words: list[str]
    longest: int
    length_penalty: float
    documents: int
    phrases: dict[str, int]
    start: int = field(init=False)
    end: int = field(init=False)
    unknown: int = field(init=False)

    def __post_init__(self):
        for name, word in (("start", "<start>"), ("end", "<end>"), ("unknown", "<unk>")):
            object.__setattr__(self, name, self.words.index(word))

    @classmethod
    def parse(cls, content: bytes) -> "Vocabulary":
        read = json.loads(content)
        return cls(read["words"], read["maxLength"], read["lengthPenalty"], read["documents"], read["phrases"])

    def score(self, log_probability: float, words: int) -> float:
        return log_probability / (words + 1) ** self.length_penalty

    def mirror(self, tokens: Tokens) -> Tokens:
        """What a caption of the mirrored photo says of the photo: left is right."""
        swapped = {"left": "right", "right": "left"}
        return tuple(
            self.words.index(swapped[word])
            if (word := self.words[token]) in swapped and swapped[word] in self.words
            else token
            for token in tokens
        )

    def join(self, tokens: Tokens) -> str:
        text = " ".join(self.words[token] for token in tokens)
        return re.sub(r"(?<=\S) (?='[a-z]+(?: |$)|n't(?: |$))", "", text)


@dataclass(frozen=True)
class Caption:
    """Token ids without the end token; one log-probability and one [R] of attention for each; the sum with the end token."""

    tokens: Tokens
    log_probabilities: tuple[float, ...]
    attention: tuple[np.ndarray, ...]
    log_probability: float
    score: float


@dataclass
class View:
    """What the decoder reads of one picture: each with a first dimension of 1."""

    features: np.ndarray
    keys: np.ndarray
    state: np.ndarray


@dataclass
class Captioner:
    """Captions one photo after the other.

    Args:
        prepare: runs `captioning/prepare.onnx`.
        step: runs `captioning/step.onnx`.
    """

    prepare: Run
    step: Run
    vocabulary: Vocabulary

    def caption(
        self, regions_RC: np.ndarray, mirrored_RC: np.ndarray | None, beam: int, count: int, rerank: bool
    ) -> list[Caption]:
        """The best `count` captions, best score first. `mirrored_RC` is needed where `rerank`."""
        view = self._view(regions_RC)
        if not rerank or beam == 1:
            return self._search(view, beam, count)
        wide = beam + MORE_CANDIDATES
        mirror = self._view(mirrored_RC)
        found = self._search(view, wide, wide)
        known = {caption.tokens for caption in found}
        others = [self.vocabulary.mirror(caption.tokens) for caption in self._search(mirror, wide, wide)]
        votes = self._sample(view, 1) + [self.vocabulary.mirror(tokens) for tokens in self._sample(mirror, 2)]
        candidates = found + self._read(view, [tokens for tokens in others if tokens not in known])
        scores = self._agreement([(*caption.tokens, self.vocabulary.end) for caption in candidates], votes)
        elected = [
            Caption(c.tokens, c.log_probabilities, c.attention, c.log_probability, score)
            for c, score in zip(candidates, scores, strict=True)
        ]
        return sorted(elected, key=lambda caption: -caption.score)[:count]

    def _view(self, regions_RC: np.ndarray) -> View:
        prepared = self.prepare({"regions": regions_RC[None]})
        return View(prepared["features"], prepared["keys"], prepared["state"])

    def _step(self, view: View, tokens: Sequence[int], state_BS: np.ndarray):
        """Log-probabilities [B, V], the next state [B, S], attention [B, R]."""
        outputs = self.step(
            {
                "tokens": np.array([tokens], dtype=np.int32),
                "state": state_BS[None],
                "photo": np.zeros(1, dtype=np.int32),
                "features": view.features,
                "keys": view.keys,
            }
        )
        return outputs["logProbabilities"][0], outputs["nextState"][0], outputs["attention"][0]

    def _search(self, view: View, beam: int, count: int) -> list[Caption]:
        """Beam search: an ending takes no place from a beam, and a beam is given up when it can come among the best no longer."""
        v = self.vocabulary
        live = [Caption((), (), (), 0.0, 0.0)]
        finished: list[Caption] = []
        state_BS = view.state
        while live:
            log_p_BV, next_BS, attention_BR = self._step(view, [(c.tokens or (v.start,))[-1] for c in live], state_BS)
            totals_BV = log_p_BV.astype(np.float64) + np.array([[c.log_probability] for c in live])
            for b, c in enumerate(live):
                if c.tokens:
                    total = float(totals_BV[b, v.end])
                    ended = Caption(c.tokens, c.log_probabilities, c.attention, total, v.score(total, len(c.tokens)))
                    # Of equal scores the one that was found first stays ahead.
                    place = next((i for i, other in enumerate(finished) if ended.score > other.score), len(finished))
                    finished.insert(place, ended)
                    del finished[count:]
                if len(c.tokens) >= 2 and c.tokens[-1] == c.tokens[-2]:
                    totals_BV[b, c.tokens[-1]] = -np.inf
            if len(live[0].tokens) == v.longest:
                break
            totals_BV[:, [v.start, v.end, v.unknown]] = -np.inf
            best = np.argsort(-totals_BV, axis=None, kind="stable")[:beam]
            worst = finished[-1].score if len(finished) == count else -math.inf
            going, sources = [], []
            for b, token in zip(*np.unravel_index(best, totals_BV.shape), strict=True):
                total = float(totals_BV[b, token])
                if not v.score(total, v.longest) > worst:
                    break
                c = live[b]
                going.append(
                    Caption(
                        (*c.tokens, int(token)),
                        (*c.log_probabilities, float(log_p_BV[b, token])),
                        (*c.attention, attention_BR[b]),
                        total,
                        0.0,
                    )
                )
                sources.append(int(b))
            live, state_BS = going, next_BS[sources]
        return finished

    def _sample(self, view: View, seed: int) -> list[Tokens]:
        """Captions drawn from the decoder, evenly spread at each position (Latin hypercube); with the end token where it came."""
        v = self.vocabulary
        random = mulberry32(seed)
        samples: list[Tokens] = [()] * SAMPLES
        prefixes: list[tuple[Tokens, list[int]]] = [((), list(range(SAMPLES)))]
        state_BS = view.state
        for _ in range(v.longest + 1):
            if not prefixes:
                break
            log_p_BV, next_BS, _ = self._step(view, [(tokens or (v.start,))[-1] for tokens, _ in prefixes], state_BS)
            points = [(place + 0.5) / SAMPLES for place in shuffled(SAMPLES, random)]
            going, sources = [], []
            for b, (tokens, members) in enumerate(prefixes):
                for token, group in self._draw(log_p_BV[b], members, points).items():
                    longer = (*tokens, token)
                    for member in group:
                        samples[member] = longer
                    if token != v.end:
                        going.append((longer, group))
                        sources.append(b)
            prefixes, state_BS = going, next_BS[sources]
        return samples

    def _draw(self, log_p_V: np.ndarray, members: list[int], points: list[float]) -> dict[int, list[int]]:
        row_V = log_p_V.astype(np.float64)
        row_V[[self.vocabulary.start, self.vocabulary.unknown]] = -np.inf
        highest = row_V.max()
        kept = np.flatnonzero(row_V >= highest - NEGLIGIBLE * TEMPERATURE)
        cumulative = np.cumsum(np.exp((row_V[kept] - highest) / TEMPERATURE))
        groups: dict[int, list[int]] = {}
        for member in members:
            place = int(np.searchsorted(cumulative, points[member] * cumulative[-1], side="right"))
            groups.setdefault(int(kept[place]), []).append(member)
        return groups

    def _read(self, view: View, captions: list[Tokens]) -> list[Caption]:
        """What the decoder makes of given captions (teacher forcing)."""
        v = self.vocabulary
        read: list[Caption | None] = [None] * len(captions)
        active = [(index, Caption(tokens, (), (), 0.0, 0.0)) for index, tokens in enumerate(captions)]
        state_BS = np.repeat(view.state, len(captions), axis=0)
        position = 0
        while active:
            tokens = [c.tokens[position - 1] if position else v.start for _, c in active]
            log_p_BV, next_BS, attention_BR = self._step(view, tokens, state_BS)
            going, sources = [], []
            for b, (index, c) in enumerate(active):
                if position == len(c.tokens):
                    total = sum(c.log_probabilities) + float(log_p_BV[b, v.end])
                    read[index] = Caption(
                        c.tokens, c.log_probabilities, c.attention, total, v.score(total, len(c.tokens))
                    )
                    continue
                logs = (*c.log_probabilities, float(log_p_BV[b, c.tokens[position]]))
                going.append((index, Caption(c.tokens, logs, (*c.attention, attention_BR[b]), 0.0, 0.0)))
                sources.append(b)
            active, state_BS, position = going, next_BS[sources], position + 1
        return [caption for caption in read if caption is not None]

    def _agreement(self, candidates: list[Tokens], votes: list[Tokens]) -> list[float]:
        """The mean CIDEr-D of each candidate with the samples as references (Vedantam et al. 2015, section 4)."""
        references = [self._vectors(vote) for vote in votes]
        return [
            sum(
                cider_d(self._vectors(candidate), len(candidate), vectors, len(vote))
                for vectors, vote in zip(references, votes, strict=True)
            )
            / len(votes)
            for candidate in candidates
        ]

    def _vectors(self, tokens: Tokens) -> list[dict[Tokens, float]]:
        vectors = []
        for size in range(1, LONGEST_PHRASE + 1):
            counts = Counter(tokens[i : i + size] for i in range(len(tokens) - size + 1))
            vectors.append(
                {
                    phrase: times
                    * math.log(self.vocabulary.documents / self.vocabulary.phrases.get(" ".join(map(str, phrase)), 1))
                    for phrase, times in counts.items()
                }
            )
        return vectors


def cider_d(candidate: list[dict], length: int, reference: list[dict], reference_length: int) -> float:
    cosines = 0.0
    for vector, other in zip(candidate, reference, strict=True):
        norms = math.hypot(*vector.values()) * math.hypot(*other.values())
        if norms == 0:
            continue
        cosines += (
            sum(min(weight, other[phrase]) * other[phrase] for phrase, weight in vector.items() if phrase in other)
            / norms
        )
    return 10 * cosines / LONGEST_PHRASE * math.exp(-((length - reference_length) ** 2) / (2 * LENGTH_SIGMA**2))


def shuffled(count: int, random: Callable[[], float]) -> list[int]:
    """Fisher and Yates' shuffle of 0 … count − 1."""
    values = list(range(count))
    for last in range(count - 1, 0, -1):
        other = math.floor(random() * (last + 1))
        values[last], values[other] = values[other], values[last]
    return values


def mulberry32(seed: int) -> Callable[[], float]:
    """Tommy Ettinger's Mulberry32: the numbers that the app draws."""
    state = seed

    def multiply(a: int, b: int) -> int:
        return (a * b) & 0xFFFFFFFF

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = multiply(state ^ (state >> 15), state | 1)
        mixed ^= (mixed + multiply(mixed ^ (mixed >> 7), mixed | 61)) & 0xFFFFFFFF
        return ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32

    return draw


def runner(session) -> Run:
    """Runs an `onnxruntime.InferenceSession` by names."""
    names = [output.name for output in session.get_outputs()]
    return lambda feeds: dict(zip(names, session.run(names, feeds), strict=True))


def caption_batch(captioner: Captioner, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A batch as `lib/captioning/tensors.ts` has it.

    Raises:
        ValueError: an input is absent, the batch's sizes differ, or an option is out of range.
    """
    missing = [name for name in ("regions", "beamWidth", "count", "rerank") if name not in arrays]
    if missing:
        raise ValueError(f"the inputs {', '.join(missing)} are absent")
    if len({len(array) for array in arrays.values()}) != 1:
        raise ValueError("the inputs are of batches of different sizes")
    captions = []
    for photo, regions_RC in enumerate(arrays["regions"]):
        beam, count = int(arrays["beamWidth"][photo, 0]), int(arrays["count"][photo, 0])
        rerank = bool(arrays["rerank"][photo, 0]) and beam > 1
        if not 1 <= count <= beam <= MOST_BEAMS:
            raise ValueError(
                f"beamWidth is {beam} and count {count}: at most {MOST_BEAMS}, and count at most beamWidth"
            )
        if rerank and "mirrored" not in arrays:
            raise ValueError("mirrored is absent: it is needed where rerank is true")
        mirrored_RC = arrays["mirrored"][photo] if rerank else None
        captions.append(captioner.caption(regions_RC, mirrored_RC, beam, count, rerank))

    most = max(len(each) for each in captions)
    longest = max(len(caption.tokens) for each in captions for caption in each)
    regions = arrays["regions"].shape[1]
    text = np.full((len(captions), most), "", dtype=object)
    score, log_probability = np.zeros(text.shape), np.zeros(text.shape)
    tokens = np.full((*text.shape, longest), "", dtype=object)
    logs = np.zeros(tokens.shape, dtype=np.float32)
    attention = np.zeros((*tokens.shape, regions), dtype=np.float32)
    words = captioner.vocabulary.words
    for photo, each in enumerate(captions):
        for index, caption in enumerate(each):
            place = photo, index
            text[place] = captioner.vocabulary.join(caption.tokens)
            score[place], log_probability[place] = caption.score, caption.log_probability
            length = len(caption.tokens)
            tokens[place][:length] = [words[token] for token in caption.tokens]
            logs[place][:length] = caption.log_probabilities
            attention[place][:length] = caption.attention
    return {
        "text": text,
        "score": score,
        "logProbability": log_probability,
        "tokens": tokens,
        "tokenLogProbabilities": logs,
        "attention": attention,
    }
