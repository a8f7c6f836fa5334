"""The density of the next point: a mixture of bivariate Gaussians, pen lift and end of the line (Graves 2013, eq. 17–26).

The network's M components come as one vector of 2 + 6 M numbers: logits of lift and end, then M logits of the mixture
weights, M means of x, M of y, M logarithms of the deviations of x, M of y, and M numbers whose tanh is the correlation.
Everything is computed in logarithms and in fp32 or better.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

# Points lie on rings around the last one, as they have a constant distance: without a smallest deviation the density
# would grow for ever with a better knowledge of the radius, which is worth nothing.
SMALLEST_LOG_DEVIATION = math.log(0.08)  # in steps
LARGEST_LOG_DEVIATION = 3.0
LARGEST_CORRELATION = 3.0  # before the tanh


@dataclass(frozen=True)
class Mixture:
    """Parameters [..., M] of the mixture, logits [...] of lift and end."""

    lift: Tensor
    end: Tensor
    log_weights: Tensor
    mean_x: Tensor
    mean_y: Tensor
    log_deviation_x: Tensor
    log_deviation_y: Tensor
    correlation: Tensor  # before the tanh


def mixture(outputs: Tensor, bias: Tensor | float = 0.0) -> Mixture:
    """Split and bound the network's outputs [..., 2 + 6 M]; a bias makes them surer (eq. 61, 62), lifts included.

    Args:
        bias: ≥ 0; a number, or [..., 1].
    """
    outputs = outputs if outputs.dtype == torch.float64 else outputs.float()
    # A number, not a traced size: the export then has one operator here.
    components = int(outputs.shape[-1] - 2) // 6
    lift, end, weights, mean_x, mean_y, deviation_x, deviation_y, correlation = outputs.split(
        [1, 1, *[components] * 6], dim=-1
    )
    return Mixture(
        (lift * (1 + bias)).squeeze(-1),
        end.squeeze(-1),
        torch.log_softmax(weights * (1 + bias), dim=-1),
        mean_x,
        mean_y,
        deviation_x.clamp(SMALLEST_LOG_DEVIATION, LARGEST_LOG_DEVIATION) - bias,
        deviation_y.clamp(SMALLEST_LOG_DEVIATION, LARGEST_LOG_DEVIATION) - bias,
        correlation.clamp(-LARGEST_CORRELATION, LARGEST_CORRELATION),
    )


def log_density(found: Mixture, x: Tensor, y: Tensor) -> Tensor:
    """log Σ π N(x, y | μ, σ, ρ) [...] of offsets [...] (eq. 24, 25)."""
    # log(1 − tanh² a) = 2 (log 2 − |a| − log(1 + e^(−2|a|))), which keeps its precision where tanh a is nearly 1.
    size = found.correlation.abs()
    log_rest = 2 * (math.log(2) - size - F.softplus(-2 * size))
    rho = torch.tanh(found.correlation)
    u = (x.unsqueeze(-1) - found.mean_x) * torch.exp(-found.log_deviation_x)
    v = (y.unsqueeze(-1) - found.mean_y) * torch.exp(-found.log_deviation_y)
    distance = (u.square() + v.square() - 2 * rho * u * v) * torch.exp(-log_rest)
    log_normal = (
        -0.5 * distance - math.log(2 * math.pi) - found.log_deviation_x - found.log_deviation_y - 0.5 * log_rest
    )
    return torch.logsumexp(found.log_weights + log_normal, dim=-1)


def negative_log_likelihood(outputs: Tensor, targets: Tensor, ends: Tensor) -> Tensor:
    """Nats [...] of each point (eq. 26), with those of its lift and of the line's end.

    Args:
        outputs: [..., 2 + 6 M] of the network.
        targets: [..., 3] offsets and lifts.
        ends: [...] 1 at the last point of a line.
    """
    found = mixture(outputs)
    targets = targets.to(found.lift.dtype)
    density = log_density(found, targets[..., 0], targets[..., 1])
    lift = F.binary_cross_entropy_with_logits(found.lift, targets[..., 2], reduction="none")
    end = F.binary_cross_entropy_with_logits(found.end, ends.to(found.lift.dtype), reduction="none")
    # A line ends only with a lift: elsewhere there is nothing to say.
    return lift - density + end * targets[..., 2]


def sample(found: Mixture, noise: Tensor) -> Tensor:
    """Points [..., 3] out of noise [..., 4]: a uniform number for the component, two normal ones, a uniform one for the lift."""
    component, a, b, lift = noise.split(1, dim=-1)
    cumulative = found.log_weights.exp().cumsum(-1)
    # The last component's sum may fall short of 1 by rounding.
    chosen = (cumulative < component).sum(-1, keepdim=True).clamp(max=int(cumulative.shape[-1]) - 1)

    def pick(values: Tensor) -> Tensor:
        return values.gather(-1, chosen)

    rho = torch.tanh(pick(found.correlation))
    x = pick(found.mean_x) + torch.exp(pick(found.log_deviation_x)) * a
    y = pick(found.mean_y) + torch.exp(pick(found.log_deviation_y)) * (rho * a + torch.sqrt(1 - rho.square()) * b)
    lifts = (lift < torch.sigmoid(found.lift.unsqueeze(-1))).to(x.dtype)
    return torch.cat([x, y, lifts], dim=-1)
