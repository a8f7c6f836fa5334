"""The soft window over the characters (Graves 2013, eq. 46–51), and the LSTM layer that it is fed back into.

    φ(t, u) = Σ_k α_k exp(−β_k (κ_k − u)²),  w_t = Σ_u φ(t, u) c_u,  κ_k(t) = κ_k(t − 1) + exp κ̂_k(t)

Shapes in names: T points, B lines, H units, E numbers a character, U characters, K components.
"""

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

LARGEST = 5.0  # of α̂, β̂ and κ̂, either way: the exponentials stay finite, and a window cannot leap over a line


def window(
    parameters_B3K: Tensor, kappa_BK: Tensor, positions_U: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """One step.

    Returns:
        kappa_BK, and what the gradient needs: parts_BKU = α exp(−β (κ − u)²), distance_BKU = κ − u, beta_BK, moved_BK.
    """
    # A number, not a traced size: the export then has one operator here.
    components = int(parameters_B3K.shape[-1]) // 3
    alpha, beta, moved = parameters_B3K.clamp(-LARGEST, LARGEST).exp().split(components, dim=-1)
    kappa = kappa_BK + moved
    distance = kappa.unsqueeze(-1) - positions_U
    parts = torch.exp(-beta.unsqueeze(-1) * distance.square()) * alpha.unsqueeze(-1)
    return kappa, parts, distance, beta, moved


class WindowedLSTM(torch.autograd.Function):
    """An LSTM layer that sees at each step where the window stood after the last one.

    Written by hand, because autograd would add up the gradients of the weights step by step: here the loop holds only
    what must be sequential, and the weights' gradients are one product over all steps.
    """

    @staticmethod
    def forward(ctx, gates_TBG, recurrent_GH, from_window_GE, to_window_PH, to_window_P, characters_BUE, dtype):
        """
        Args:
            gates_TBG: what the points and biases add to the gates (input, forget, cell, output; G = 4 H).
            recurrent_GH, from_window_GE: weights from the last state and the last window to the gates.
            to_window_PH, to_window_P: weight and bias of the window's 3 K parameters.
            dtype: of the matrix products.

        Returns:
            hidden_TBH, windows_TBE, kappa_TBK.
        """
        steps, batch, gates = gates_TBG.shape
        units, size = gates // 4, characters_BUE.shape[2]
        options = {"dtype": gates_TBG.dtype, "device": gates_TBG.device}
        weights = torch.cat([recurrent_GH, from_window_GE], 1).to(dtype).t().contiguous()  # [H + E, G]
        window_weights = to_window_PH.to(dtype).t().contiguous()
        components = to_window_P.shape[0] // 3
        positions = torch.arange(characters_BUE.shape[1], **options)
        # The state and the window side by side, one row for the start: what each step multiplies.
        states = torch.zeros(steps + 1, batch, units + size, **options)
        kappa = torch.zeros(steps + 1, batch, components, **options)
        cell = torch.zeros(batch, units, **options)
        cells, activations, parts, betas, moves, raw = [cell], [], [], [], [], []
        for t in range(steps):
            sums = gates_TBG[t] + states[t].to(dtype) @ weights
            squashed = torch.sigmoid(sums)
            candidate = torch.tanh(sums[:, 2 * units : 3 * units])
            squashed[:, 2 * units : 3 * units] = candidate
            i, f, _, o = squashed.chunk(4, dim=1)
            cell = torch.addcmul(f * cell, i, candidate)
            hidden = o * torch.tanh(cell)
            found = (
                torch.addmm(to_window_P, hidden.to(dtype), window_weights)
                if dtype == options["dtype"]
                else ((hidden.to(dtype) @ window_weights) + to_window_P)
            )
            kappa[t + 1], part, _, beta, moved = window(found, kappa[t], positions)
            states[t + 1, :, :units] = hidden
            torch.bmm(part.sum(1, keepdim=True), characters_BUE, out=states[t + 1, :, units:].unsqueeze(1))
            cells.append(cell)
            activations.append(squashed)
            parts.append(part)
            betas.append(beta)
            moves.append(moved)
            raw.append(found)
        ctx.save_for_backward(weights, window_weights, characters_BUE, states, kappa)
        ctx.lists = (cells, activations, parts, betas, moves, raw)
        ctx.dtype = dtype
        kappa_TBK = kappa[1:]
        ctx.mark_non_differentiable(kappa_TBK)
        hidden_TBH, windows_TBE = states[1:].split([units, size], dim=2)
        return hidden_TBH.contiguous(), windows_TBE.contiguous(), kappa_TBK

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hidden_TBH, d_windows_TBE, _):
        weights, window_weights, characters, states, kappa = ctx.saved_tensors
        cells, activations, parts, betas, moves, raw = ctx.lists
        dtype = ctx.dtype
        steps, batch, units = d_hidden_TBH.shape
        options = {"dtype": d_hidden_TBH.dtype, "device": d_hidden_TBH.device}
        positions = torch.arange(characters.shape[1], **options)
        d_gates = torch.empty(steps, batch, 4 * units, **options)
        d_found = torch.empty(steps, batch, window_weights.shape[1], **options)
        d_window_total = torch.empty(steps, batch, characters.shape[2], **options)
        carried = torch.zeros(batch, units + characters.shape[2], **options)  # to the state and the window before
        d_cell = torch.zeros(batch, units, **options)
        d_kappa = torch.zeros_like(kappa[0])
        back, window_back = weights.t().contiguous(), window_weights.t().contiguous()
        characters_BEU = characters.transpose(1, 2).contiguous()
        for t in range(steps - 1, -1, -1):
            d_window = torch.add(d_windows_TBE[t], carried[:, units:], out=d_window_total[t])
            # The window: S0, S1, S2 are sums over u of (dφ · part) times 1, (κ − u), (κ − u)².
            d_parts = torch.bmm(d_window.unsqueeze(1), characters_BEU) * parts[t]
            distance = kappa[t + 1].unsqueeze(-1) - positions
            first = d_parts * distance
            s0, s1, s2 = d_parts.sum(2), first.sum(2), (first * distance).sum(2)
            d_kappa = d_kappa - 2 * betas[t] * s1
            found = torch.cat([s0, -betas[t] * s2, d_kappa * moves[t]], 1)
            torch.mul(found, raw[t].abs() < LARGEST, out=d_found[t])
            # The LSTM.
            d_hidden = d_hidden_TBH[t] + carried[:, :units]
            d_hidden += d_found[t].to(dtype) @ window_back
            i, f, g, o = activations[t].chunk(4, dim=1)
            tanh = torch.tanh(cells[t + 1])
            d_cell = torch.addcmul(d_cell, d_hidden * o, 1 - tanh.square())
            d_i, d_f, d_g, d_o = d_gates[t].chunk(4, dim=1)
            torch.mul(d_cell * g, i - i * i, out=d_i)
            torch.mul(d_cell * cells[t], f - f * f, out=d_f)
            torch.mul(d_cell * i, 1 - g * g, out=d_g)
            torch.mul(d_hidden * tanh, o - o * o, out=d_o)
            d_cell = d_cell * f
            carried = (d_gates[t].to(dtype) @ back).to(carried.dtype)
        flat = d_gates.flatten(0, 1).to(dtype)
        d_weights = flat.t() @ states[:-1].flatten(0, 1).to(dtype)
        d_recurrent, d_from_window = d_weights.to(options["dtype"]).split([units, characters.shape[2]], dim=1)
        found = d_found.flatten(0, 1)
        d_to_window = found.t() @ states[1:, :, :units].flatten(0, 1)
        phi_BTU = torch.stack([part.sum(1) for part in parts], 1)
        d_characters = torch.bmm(phi_BTU.transpose(1, 2), d_window_total.transpose(0, 1))
        return d_gates, d_recurrent, d_from_window, d_to_window, found.sum(0), d_characters, None


def parallel_window(parameters_TBP: Tensor, characters_BUE: Tensor, chunk: int = 128) -> tuple[Tensor, Tensor]:
    """windows_TBE and kappa_TBK of all steps at once, for a layer that the window is not fed back into.

    Args:
        chunk: steps whose φ are in memory at a time.
    """
    alpha, beta, moved = parameters_TBP.clamp(-LARGEST, LARGEST).exp().chunk(3, dim=-1)
    kappa = moved.cumsum(0)
    positions = torch.arange(characters_BUE.shape[1], device=kappa.device, dtype=kappa.dtype)
    windows = []
    for a, b, k in zip(alpha.split(chunk), beta.split(chunk), kappa.split(chunk), strict=True):
        phi = (a.unsqueeze(-1) * torch.exp(-b.unsqueeze(-1) * (k.unsqueeze(-1) - positions).square())).sum(2)
        windows.append(torch.bmm(phi.transpose(0, 1), characters_BUE).transpose(0, 1))
    return torch.cat(windows), kappa
