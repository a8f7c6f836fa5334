"""Writing with the model: biased sampling, priming, the end of a line, and the guard against runaways.

The app does the same in TypeScript around the exported graph; the rules here are the reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.data.ink import encode, to_strokes
from training.data.ink_batches import STEPS
from training.handwriting.mixture import mixture, sample
from training.handwriting.model import END, Synthesizer

POINTS_PER_CHARACTER = 60  # more than this for the whole line is a runaway
DREAM_POINTS = 900  # after which a line without text ends with the next lift
POINTS_AFTER_END = 25  # for the dots and bars that are written last
HIGHEST, LOWEST = -6.0, 5.0  # the band of a line around its baseline, in x-heights; y grows downwards


@dataclass(frozen=True)
class Line:
    """What was written.

    Attributes:
        offsets: float32 [T, 3] in steps, the last one lifting.
        reached: [T], the character on which the window lay at each point.
        complete: False for a runaway: it left its band or did not end in time.
    """

    offsets: np.ndarray
    reached: np.ndarray
    complete: bool

    def strokes(self) -> list[np.ndarray]:
        """In x-heights, the baseline near y = 0."""
        return to_strokes(self.offsets / np.array([STEPS, STEPS, 1], np.float32))


@dataclass(frozen=True)
class Prime:
    """Ink whose hand the line goes on in: offsets [T, 3] in steps, as `InkBatches` makes them, and its text."""

    offsets: np.ndarray
    text: str


def gaussian_noise(batch: int, generator: torch.Generator) -> Tensor:
    """[batch, 4] for `mixture.sample`."""
    uniform = torch.rand(batch, 2, generator=generator)
    normal = torch.randn(batch, 2, generator=generator)
    return torch.cat([uniform[:, :1], normal, uniform[:, 1:]], 1)


def to_ids(texts: Sequence[str]) -> Tensor:
    """[B, U] with `END`, zero-padded."""
    longest = max(map(len, texts)) + 1
    return torch.tensor([[*encode(text), END, *[0] * (longest - len(text) - 1)] for text in texts])


@torch.inference_mode()
def write(
    model: Synthesizer,
    texts: Sequence[str],
    styles: Tensor,
    bias: float = 0.8,
    seed: int = 1,
    primes: Sequence[Prime] | None = None,
) -> list[Line]:
    """Write lines, one noise for each whatever stands beside it in the batch.

    A line ends where, at a lift, the model says so (p > ½) and the window lies on the last character, or some points after
    the window has passed it (φ is largest at the end, Graves 2013, section 5.3). With a prime, its points are fed in first and its
    text stands before the line's, with a space between. Of an empty text, the pen dreams: it goes on until the model ends
    the line, or for `DREAM_POINTS`; a prime's text is hidden then, too.

    Args:
        styles: [B, S].
        primes: one a line.
    """
    device = model.output.weight.device
    batch = len(texts)
    before = (
        [prime.text + " " if text else "" for prime, text in zip(primes, texts, strict=True)]
        if primes
        else [""] * batch
    )
    ids = to_ids([b + text for b, text in zip(before, texts, strict=True)]).to(device)
    last = torch.tensor([len(b) + len(text) for b, text in zip(before, texts, strict=True)], device=device)
    given = max((len(prime.offsets) for prime in primes), default=0) if primes else 0
    dreams = torch.tensor([text == "" for text in texts])
    limits = torch.tensor([POINTS_PER_CHARACTER * len(text) + 60 if text else 2 * DREAM_POINTS for text in texts])
    generators = [torch.Generator().manual_seed(seed * 1_000_003 + b) for b in range(batch)]
    characters = model.characters(ids)
    padding = torch.where(ids == 0, -torch.inf, 0.0)
    state = model.start(batch)
    point = torch.tensor([0.0, 0.0, 1.0], device=device).repeat(batch, 1)
    # Primes end together, so that all lines begin at the same step.
    lead = torch.zeros(given, batch, 3)
    late = [0] * batch
    for b, prime in enumerate(primes or ()):
        late[b] = given - len(prime.offsets)
        lead[late[b] :, b] = torch.from_numpy(prime.offsets)
    lead = lead.to(device)
    late_B = torch.tensor(late, device=device)
    position = torch.zeros(batch, 2)
    past = torch.zeros(batch, dtype=torch.long)  # points since the window has passed the last character
    points: list[list[Tensor]] = [[] for _ in texts]
    reached: list[list[int]] = [[] for _ in texts]
    complete: dict[int, bool] = {}
    for t in range(given + int(limits.max()) + 1):
        outputs, phi, following = model.step(point, state, characters, styles)
        if t < given:
            waiting = (t < late_B).view(-1, 1)
            state = type(state)(*(torch.where(waiting, old, new) for old, new in zip(state, following, strict=True)))
            point = torch.where(waiting, point, lead[t])
            continue
        state = following
        found = mixture(outputs, bias)
        noise = torch.cat([gaussian_noise(1, g) for g in generators]).to(device)
        point = sample(found, noise)
        place = (phi + padding).argmax(1)
        past += (place >= last).cpu() & ~dreams
        ending = (found.end > 0) & (place >= last - 1) & (point[:, 2] > 0.5)
        position += point[:, :2].cpu()
        for b in range(batch):
            if b in complete:
                continue
            points[b].append(point[b].cpu())
            reached[b].append(min(int(place[b]), int(last[b]) - 1) - len(before[b]))
            y = position[b, 1].item() / STEPS
            dreamt = dreams[b] and len(points[b]) > DREAM_POINTS and point[b, 2] > 0.5
            if ending[b] or dreamt or past[b] > POINTS_AFTER_END:
                complete[b] = True
            # A primed line's first offset leads from the prime's last point, so that its band is not known.
            elif len(points[b]) > limits[b] or (not primes and not HIGHEST < y < LOWEST):
                complete[b] = False
        if len(complete) == batch:
            break
    lines = []
    for b in range(batch):
        offsets = torch.stack(points[b]).numpy()
        offsets[-1, 2] = 1.0
        lines.append(Line(offsets, np.maximum(np.array(reached[b]), 0), complete.get(b, False)))
    return lines


def style_of(model: Synthesizer, writer: str | None) -> Tensor:
    """The style vector [S] of a writer by name; None is the unprimed hand.

    Raises:
        ValueError: the model does not know the writer.
    """
    if writer is None:
        return model.styles.weight[0]
    if writer not in model.config.writers:
        raise ValueError(
            f"the model knows no writer {writer!r}: its writers are {', '.join(model.config.writers[:5])} …"
        )
    return model.styles.weight[model.config.writers.index(writer) + 1]
