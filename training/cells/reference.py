"""What PyTorch makes of small networks: values that the cells of `lib/cells` are tested against.

Parameters are named as there: W [hidden, input], U [hidden, hidden] and b [hidden] of each sum, peepholes p [hidden]. RNN, LSTM
and GRU are PyTorch's own; those with peepholes or coupled gates are written out and differentiated by autograd.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

# Legend of shapes: T steps, B rows of a batch, I inputs, H units.
STEPS, ROWS, INPUTS, HIDDEN = 5, 2, 2, 3
SUMS = {"rnn": "a", "lstm": "ifgo", "gru": "rznu", "peephole": "ifgo", "coupled": "igo"}
PEEPHOLES = {"peephole": "ifo"}
ARRANGEMENTS = {
    "one layer": (1, False),
    "two layers": (2, False),
    "both directions": (1, True),
    "two layers of both": (2, True),
}

Parameters = dict[str, Tensor]


def _draw(generator: random.Random, *shape: int) -> Tensor:
    """Uniform numbers from -1 to 1, of four digits, from Python's generator: PyTorch's may differ between versions."""
    numbers = [round(generator.uniform(-1, 1), 4) for _ in range(torch.Size(shape).numel())]
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape).requires_grad_()


def _layer_parameters(generator: random.Random, kind: str, name: str, inputs: int) -> Parameters:
    parameters = {}
    for block in SUMS[kind]:
        if block != "u":  # of the GRU's candidate, the part with the state alone
            parameters[f"{name}: W_{block}"] = _draw(generator, HIDDEN, inputs)
        if not (kind == "gru" and block == "n"):
            parameters[f"{name}: U_{block}"] = _draw(generator, HIDDEN, HIDDEN)
        parameters[f"{name}: b_{block}"] = _draw(generator, HIDDEN)
    for peephole in PEEPHOLES.get(kind, ""):
        parameters[f"{name}: p_{peephole}"] = _draw(generator, HIDDEN)
    return parameters


def _builtin(kind: str, name: str, parameters: Parameters, x_TBI: Tensor) -> Tensor:
    """One direction of `nn.RNN`, `nn.LSTM` or `nn.GRU` with these parameters, in which gradients arrive."""

    def stack(letter: str, blocks: str) -> Tensor:
        return torch.cat([parameters[f"{name}: {letter}_{block}"] for block in blocks])

    zeros = torch.zeros(HIDDEN, dtype=torch.float64)
    if kind == "gru":
        # PyTorch's n has both parts: the input's bias b_in and, inside of the reset, the state's b_hn.
        bias = torch.cat([stack("b", "rz"), zeros])
        weights = (stack("W", "rzn"), stack("U", "rzu"))
        biases = (torch.cat([zeros, zeros, stack("b", "n")]), bias + torch.cat([zeros, zeros, stack("b", "u")]))
    else:
        weights = (stack("W", SUMS[kind]), stack("U", SUMS[kind]))
        bias = stack("b", SUMS[kind])
        biases = (bias, torch.zeros_like(bias))
    module = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](x_TBI.shape[2], HIDDEN, dtype=torch.float64)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    output_TBH, _ = torch.func.functional_call(module, dict(zip(names, (*weights, *biases), strict=True)), (x_TBI,))
    return output_TBH


def _written_out(kind: str, name: str, parameters: Parameters, x_TBI: Tensor) -> Tensor:
    """LSTM with peepholes (Gers and Schmidhuber 2000) or with coupled gates (Greff and others 2017)."""
    h_BH = c_BH = torch.zeros(x_TBI.shape[1], HIDDEN, dtype=torch.float64)
    outputs = []
    for x_BI in x_TBI:

        def sums(block: str, x_BI: Tensor = x_BI, h_BH: Tensor = h_BH) -> Tensor:
            W, U, b = (parameters[f"{name}: {letter}_{block}"] for letter in "WUb")
            return x_BI @ W.T + h_BH @ U.T + b

        def peephole(block: str, c_BH: Tensor) -> Tensor:
            return parameters[f"{name}: p_{block}"] * c_BH if kind == "peephole" else torch.zeros_like(c_BH)

        i_BH = torch.sigmoid(sums("i") + peephole("i", c_BH))
        f_BH = 1 - i_BH if kind == "coupled" else torch.sigmoid(sums("f") + peephole("f", c_BH))
        c_BH = f_BH * c_BH + i_BH * torch.tanh(sums("g"))
        h_BH = torch.sigmoid(sums("o") + peephole("o", c_BH)) * torch.tanh(c_BH)
        outputs.append(h_BH)
    return torch.stack(outputs)


def _network(kind: str, arrangement: str, seed: int) -> dict[str, Any]:
    """Inputs, parameters, states of the highest layer and, of Σ coefficient · state, every gradient."""
    generator = random.Random(seed)
    layers, bidirectional = ARRANGEMENTS[arrangement]
    directions = ("forward", "backward") if bidirectional else ("forward",)
    run: Callable[..., Tensor] = _written_out if kind in ("peephole", "coupled") else _builtin
    x_TBI = _draw(generator, STEPS, ROWS, INPUTS)
    parameters: Parameters = {}
    states = x_TBI
    for layer in range(1, layers + 1):
        outputs = []
        for direction in directions:
            name = f"layer {layer}, {direction}"
            parameters |= _layer_parameters(generator, kind, name, states.shape[2])
            if direction == "forward":
                outputs.append(run(kind, name, parameters, states))
            else:
                outputs.append(run(kind, name, parameters, states.flip(0)).flip(0))
        states = torch.cat(outputs, dim=2)
    coefficients = _draw(generator, *states.shape).detach()
    (states * coefficients).sum().backward()
    return {
        "kind": kind,
        "arrangement": arrangement,
        "layers": layers,
        "bidirectional": bidirectional,
        "inputs": _listed(x_TBI),
        "parameters": {name: _listed(each) for name, each in parameters.items()},
        "states": _listed(states),
        "coefficients": _listed(coefficients),
        "inputGradients": _listed(x_TBI.grad),
        "gradients": {name: _listed(each.grad) for name, each in parameters.items()},
    }


def _losses() -> Iterator[dict[str, Any]]:
    generator = random.Random(1)
    for name, loss, classes in (
        ("softmaxCrossEntropy", nn.functional.cross_entropy, 4),
        ("binaryCrossEntropy", nn.functional.binary_cross_entropy_with_logits, 1),
        ("squaredError", nn.functional.mse_loss, 1),
    ):
        outputs = _draw(generator, 3, classes)
        targets = torch.tensor([0, 1, 1] if classes == 1 else [3, 0, 1])
        value = loss(outputs, targets) if classes > 1 else loss(outputs[:, 0], targets.double())
        value.backward()
        yield {
            "name": name,
            "outputs": _listed(outputs),
            "targets": targets.tolist(),
            "loss": round(value.item(), 10),
            "gradient": _listed(outputs.grad),
        }


def _descents() -> Iterator[dict[str, Any]]:
    """Three steps of each optimiser on L = Σ θ³, whose gradient 3 θ² is clipped to the norm 1."""
    for name, optimizer in (("adam", torch.optim.Adam), ("sgd", torch.optim.SGD)):
        start = _draw(random.Random(2), 4).detach()
        values = nn.Parameter(start.clone())
        descent = optimizer([values], lr=0.1)
        norms = []
        for _ in range(3):
            values.grad = values.detach() ** 2 * 3
            norms.append(round(nn.utils.clip_grad_norm_([values], 1.0).item(), 10))
            descent.step()
        yield {"name": name, "start": _listed(start), "norms": norms, "values": _listed(values)}


def _listed(tensor: Tensor | None) -> list[float]:
    """Its numbers one after the other, to ten digits after the point."""
    if tensor is None:
        raise ValueError("a gradient is missing")
    return [round(number, 10) for number in tensor.detach().flatten().tolist()]


def reference_values() -> dict[str, Any]:
    """All values, as JSON holds them."""
    networks = [
        _network(kind, arrangement, seed)
        for seed, (kind, arrangement) in enumerate((kind, each) for kind in SUMS for each in ARRANGEMENTS)
    ]
    return {
        "steps": STEPS,
        "rows": ROWS,
        "inputSize": INPUTS,
        "hiddenSize": HIDDEN,
        "networks": networks,
        "losses": list(_losses()),
        "descents": list(_descents()),
    }
