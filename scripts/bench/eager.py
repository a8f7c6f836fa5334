"""What a user would do instead of running this app: the same model in plain eager PyTorch, one photo at a time.

Writes every time as JSON for `npm run bench`, which starts it:

    .venv/bin/python -m scripts.bench.eager --threads 2 --pixels DIR --output eager.json

`--pixels` holds a 224×224 PNG for each photo, as the app decoded it: times are taken from the photos, captions compared
from identical pixels, because PIL and the app resample differently.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from pathlib import Path

import onnx
import torch
from torch import Tensor

from training.captioning.decoder import Decoder
from training.captioning.from_onnx import load_exported
from training.captioning.model import load
from training.captioning.vocabulary import END, START, UNKNOWN
from training.data import photos
from training.multiply_adds import count_multiply_adds

BEAM_WIDTHS = (1, 4)
GEMM_SIZES = (1024, 2048, 4096)


def search(decoder: Decoder, regions_1RD: Tensor, beam: int, longest: int, length_penalty: float) -> list[int]:
    """The app's beam search (lib/inference/beam-search.ts) for the `beam` best captions of one photo; gives the best.

    Width 1 follows the most probable word. K hypotheses are live, each at a word of V.
    """
    features, keys, state_1S = decoder.prepare(regions_1RD)
    state_1KS = state_1S.unsqueeze(1)
    live: list[list[int]] = [[]]
    totals_K = torch.zeros(1)
    finished: list[tuple[float, list[int]]] = []
    while live:
        last = torch.tensor([[words[-1] if words else START for words in live]])
        logits_1KV, state_1KS, _ = decoder.step(last, state_1KS, features, keys)
        log_p_KV = torch.log_softmax(logits_1KV[0].float(), dim=-1)
        log_p_KV[:, [START, UNKNOWN]] = float("-inf")
        if live[0]:
            ended_K = (totals_K + log_p_KV[:, END]).tolist()
            length = (len(live[0]) + 1) ** length_penalty
            finished += [(total / length, words) for total, words in zip(ended_K, live, strict=True)]
            finished = sorted(finished, key=lambda entry: -entry[0])[:beam]
        if len(live[0]) == longest:
            break
        log_p_KV[:, END] = float("-inf")
        for row, words in enumerate(live):
            if len(words) >= 2 and words[-1] == words[-2]:
                log_p_KV[row, words[-1]] = float("-inf")
        best = (totals_K.unsqueeze(1) + log_p_KV).flatten().topk(beam)
        rows, kept = [], []
        extended = []
        for total, index in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            row, word = divmod(index, log_p_KV.shape[1])
            if total == float("-inf"):
                continue
            rows.append(row)
            kept.append(total)
            extended.append([*live[row], word])
        live, totals_K, state_1KS = extended, torch.tensor(kept), state_1KS[:, rows]
        # A log-probability only falls, and the longest length is what it can be divided by at most.
        if live and len(finished) == beam and kept[0] / (longest + 1) ** length_penalty <= finished[-1][0]:
            break
    return finished[0][1]


def measure_gemm(runs: int) -> list[dict]:
    """Rate of fp32 matrix products: the machine's arithmetic limit as PyTorch's library reaches it."""
    rates = []
    for size in GEMM_SIZES:
        a, b = torch.rand(size, size), torch.rand(size, size)
        out = a @ b
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            torch.mm(a, b, out=out)
            times.append(time.perf_counter() - start)
        rates.append({"precision": "fp32", "size": size, "multiplyAddsPerSecond": size**3 / statistics.median(times)})
    return rates


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="JPEG files")
    parser.add_argument(
        "--pixels", type=Path, required=True, metavar="DIR", help="the same photos as the app decodes them"
    )
    parser.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    parser.add_argument("--checkpoint", type=Path, metavar="PT", help="these weights instead of the exported ones")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True, metavar="JSON")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        model, vocabulary = load(options.checkpoint) if options.checkpoint else load_exported(options.models)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    settings = json.loads((options.models / "captioning/vocabulary.json").read_text())
    paths = sorted(options.photos.glob("*.jpg"))

    @torch.inference_mode()
    def caption(path: Path, beam: int, bf16: bool) -> str:
        pixels_CHW = photos.to_pixels(photos.squash(photos.open_photo(path)))
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            regions_1RD = model.regions(pixels_CHW.unsqueeze(0))
            words = search(model.decoder, regions_1RD, beam, settings["maxLength"], settings["lengthPenalty"])
        return vocabulary.decode(words)

    rows = []
    for bf16 in (False, True):
        for beam in BEAM_WIDTHS:
            # Untimed, so that it warms up as well.
            captions = {path.name: caption(options.pixels / f"{path.stem}.png", beam, bf16) for path in paths}
            times = []
            for _ in range(options.runs):
                for path in paths:
                    start = time.perf_counter()
                    caption(path, beam, bf16)
                    times.append((time.perf_counter() - start) * 1000)
            rows.append(
                {
                    "precision": "bf16 autocast" if bf16 else "fp32",
                    "beamWidth": beam,
                    "milliseconds": times,
                    "captions": captions,
                }
            )
    result = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "gemm": measure_gemm(options.runs),
        "encoderMultiplyAdds": count_multiply_adds(onnx.load(options.models / "vision/encoder.onnx")),
        "rows": rows,
    }
    options.output.write_text(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
