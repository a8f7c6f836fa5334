"""What a user would do instead of asking this app: the same model in plain eager fp32 PyTorch, one question at a time.

Writes every time as JSON for `npm run bench`, which starts it:

    .venv/bin/python -m scripts.bench.eager_questions --threads 2 --pixels DIR --question "..." --output eager.json

A photo is encoded and prepared once, outside the times, as the app keeps it. A question takes what the app answers: its
run on the photo, one without the photo, and one without each of its words.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from training.data import photos
from training.vision import VisionEncoder
from training.vqa.answerer import Answerer
from training.vqa.from_onnx import load_exported
from training.vqa.vocabulary import UNKNOWN, Vocabulary

_PHOTO, _NO_PHOTO = 0, 1  # of those that are prepared together
_BEST = 5


def runs_of(question: str, vocabulary: Vocabulary) -> tuple[Tensor, Tensor]:
    """tokens_NT and photo_N: with the photo, without it, and with the photo without each known word."""
    words = vocabulary.encode(question)
    left_out = [[*words[:t], UNKNOWN, *words[t + 1 :]] for t, word in enumerate(words) if word != UNKNOWN]
    return torch.tensor([words, words, *left_out]), torch.tensor([_PHOTO, _NO_PHOTO] + [_PHOTO] * len(left_out))


def answer(
    model: Answerer, vocabulary: Vocabulary, features: Tensor, keys: Tensor, question: str, batched: bool
) -> str:
    """The best answer of all that the app gives: the best ones with and without the photo, and each word's importance."""
    tokens_NT, photo_N = runs_of(question, vocabulary)
    size = len(tokens_NT) if batched else 1
    parts = [
        torch.softmax(model.answer(tokens, photo, features, keys)[0] / model.temperature, dim=-1)
        for tokens, photo in zip(tokens_NT.split(size), photo_N.split(size), strict=True)
    ]
    p_NC = torch.cat(parts)
    best = p_NC[:2].topk(_BEST).indices.tolist()[0]
    (p_NC[0, best[0]] - p_NC[2:, best[0]]).clamp(min=0).tolist()
    return vocabulary.answers[best[0]]


def answer_alone(model: Answerer, vocabulary: Vocabulary, features: Tensor, keys: Tensor, question: str) -> str:
    """The best answer with the photo and nothing else."""
    logits_1C, _ = model.answer(torch.tensor([vocabulary.encode(question)]), torch.tensor([_PHOTO]), features, keys)
    p_1C = torch.softmax(logits_1C / model.temperature, dim=-1)
    return vocabulary.answers[p_1C.topk(_BEST).indices.tolist()[0][0]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="JPEG files")
    parser.add_argument("--pixels", type=Path, required=True, metavar="DIR", help="the photos as the app decodes them")
    parser.add_argument("--models", type=Path, default=Path("models"), metavar="DIR")
    parser.add_argument("--question", action="append", required=True, metavar="TEXT")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True, metavar="JSON")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        model, vocabulary = load_exported(options.models)
        vision = VisionEncoder(options.models / "vision/encoder.onnx").eval()
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    paths = sorted(options.photos.glob("*.jpg"))

    @torch.inference_mode()
    def measure() -> list[dict]:
        prepared = {}
        for path in paths:
            pixels_CHW = photos.to_pixels(photos.squash(photos.open_photo(options.pixels / f"{path.stem}.png")))
            regions_1RD = vision(pixels_CHW.unsqueeze(0).float() / 255)
            prepared[path.name] = model.prepare(torch.cat([regions_1RD, torch.zeros_like(regions_1RD)]))

        def row(name: str, ask: Callable[[Tensor, Tensor, str], str]) -> dict:
            # Untimed, so that it warms up as well.
            answers = {f"{photo} {q}": ask(*prepared[photo], q) for photo in prepared for q in options.question}
            times = []
            for _ in range(options.runs):
                for features, keys in prepared.values():
                    for question in options.question:
                        start = time.perf_counter()
                        ask(features, keys, question)
                        times.append((time.perf_counter() - start) * 1000)
            return {"name": name, "milliseconds": times, "answers": answers}

        return [
            row("one run after the other", lambda f, k, q: answer(model, vocabulary, f, k, q, False)),
            row("a question's runs in one batch", lambda f, k, q: answer(model, vocabulary, f, k, q, True)),
            row("the answer alone", lambda f, k, q: answer_alone(model, vocabulary, f, k, q)),
        ]

    result = {"python": platform.python_version(), "torch": torch.__version__, "rows": measure()}
    options.output.write_text(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
