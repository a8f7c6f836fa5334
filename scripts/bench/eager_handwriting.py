"""What a user would do instead of running this app: the same network in a plain eager fp32 PyTorch loop, point by point.

Writes the rates as JSON for `npm run bench`, which starts it:

    .venv/bin/python -m scripts.bench.eager_handwriting --setting 1x2 --text "..." --bias 0.8 --output eager.json

A setting is lines at once and threads. Lines are written together from their beginnings, until the last one ends.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.data.ink_batches import STEPS
from training.handwriting.from_onnx import load_exported
from training.handwriting.mixture import mixture, sample
from training.handwriting.model import Synthesizer
from training.handwriting.synthesis import (
    HIGHEST,
    LOWEST,
    POINTS_AFTER_END,
    POINTS_PER_CHARACTER,
    style_of,
    to_ids,
)
from training.handwriting.window import window


class Loop:
    """The synthesiser as three `LSTMCell`s: its own `step`, which is there to be exported, joins the matrices anew for each
    point.
    """

    def __init__(self, model: Synthesizer):
        self.model = model
        self.cells = [_to_cell(layer) for layer in (model.first, model.second, model.third)]

    def write(self, texts: Sequence[str], style_S: Tensor, bias: float) -> list[Tensor]:
        """Offsets [T, 3] of each line, which ends by the rules of `synthesis.py`; one that runs away is cut off."""
        model, (first, second, third) = self.model, self.cells
        batch = len(texts)
        ids_BU = to_ids(texts)
        characters = model.characters(ids_BU)
        padding_BU = torch.where(ids_BU == 0, -torch.inf, 0.0)
        positions = torch.arange(ids_BU.shape[1], dtype=torch.float32)
        last_B = torch.tensor([len(text) for text in texts])
        limit_B = POINTS_PER_CHARACTER * last_B + 60
        style_BS = style_S.expand(batch, -1)
        *_, kappa, seen = model.start(batch)
        # None is a state of zeros.
        state_1 = state_2 = state_3 = None
        point = torch.tensor([[0.0, 0.0, 1.0]]).repeat(batch, 1)
        y_B, past_B, length_B = torch.zeros(batch), torch.zeros(batch), torch.zeros(batch, dtype=torch.long)
        goes_on_B = torch.ones(batch, dtype=torch.bool)
        points = []
        while goes_on_B.any():
            inputs = torch.cat([point, style_BS], 1)
            state_1 = first(torch.cat([inputs, seen], 1) if model.config.feedback else inputs, state_1)
            kappa, parts, *_ = window(model.to_window(state_1[0]), kappa, positions)
            phi_BU = parts.sum(1)
            seen = (phi_BU.unsqueeze(1) @ characters).squeeze(1)
            state_2 = second(torch.cat([inputs, seen, state_1[0]], 1), state_2)
            state_3 = third(torch.cat([inputs, seen, state_2[0]], 1), state_3)
            found = mixture(model.output(torch.cat([state_1[0], state_2[0], state_3[0]], 1)), bias)
            noise = torch.cat([torch.rand(batch, 1), torch.randn(batch, 2), torch.rand(batch, 1)], 1)
            point = sample(found, noise)
            points.append(point)
            length_B += goes_on_B
            place_B = (phi_BU + padding_BU).argmax(1)
            past_B += place_B >= last_B
            y_B += point[:, 1] / STEPS
            ended_B = (found.end > 0) & (place_B >= last_B - 1) & (point[:, 2] > 0.5)
            out_B = (length_B > limit_B) | (y_B <= HIGHEST) | (y_B >= LOWEST)
            goes_on_B &= ~(ended_B | (past_B > POINTS_AFTER_END) | out_B)
        offsets = torch.stack(points, 1)
        return [line[:length] for line, length in zip(offsets, length_B.tolist(), strict=True)]


def _to_cell(layer: nn.LSTM) -> nn.LSTMCell:
    cell = nn.LSTMCell(layer.input_size, layer.hidden_size)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    return cell.eval()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    parser.add_argument("--setting", action="append", required=True, metavar="LINESxTHREADS")
    parser.add_argument("--text", action="append", required=True, metavar="TEXT")
    parser.add_argument("--bias", type=float, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True, metavar="JSON")
    options = parser.parse_args()
    try:
        model = load_exported(options.models)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    loop = Loop(model)
    style = style_of(model, model.config.writers[0])

    @torch.inference_mode()
    def measure(lines: int) -> float:
        """Points a second over all texts, so many at once."""
        count = max(lines, len(options.text))
        texts = [options.text[i % len(options.text)] for i in range(count)]
        start = time.perf_counter()
        points = sum(
            len(line) for i in range(0, count, lines) for line in loop.write(texts[i : i + lines], style, options.bias)
        )
        return points / (time.perf_counter() - start)

    rows = []
    for lines, threads in (map(int, setting.split("x")) for setting in options.setting):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        measure(lines)
        rates = [measure(lines) for _ in range(options.runs)]
        rows.append({"lines": lines, "threads": threads, "pointsPerSecond": rates})
    result = {"python": platform.python_version(), "torch": torch.__version__, "rows": rows}
    options.output.write_text(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
