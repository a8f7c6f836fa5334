"""How legible the lines are that a running app writes: the exported model, redraws and all, with the app's defaults."""

import concurrent.futures
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import requests
from torch import Tensor
from tqdm import tqdm

from training.data.ink_batches import STEPS
from training.handwriting.evaluation import read_offsets, sentences
from training.reading.decoding import edits, error_rates

_UNITS = 20  # of the API in an x-height
_LONGEST = 100  # characters of a line, so that no sentence is broken


def offsets_of(answer: dict[str, Any]) -> np.ndarray:
    """The one line of an answer of `POST /api/handwriting` as readers take it.

    Returns:
        float32 [T, 3] in steps, the first leading from the left edge on the baseline.
    """
    points = np.concatenate([np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in answer["strokes"]])
    lifts = np.zeros(len(points))
    lifts[np.cumsum([len(stroke) for stroke in answer["strokes"]]) - 1] = 1
    start = [points[:, 0].min(), answer["lines"][0]["baseline"]]
    steps = np.diff(points, axis=0, prepend=[start]) * STEPS / _UNITS
    return np.column_stack([steps, lifts]).astype(np.float32)


def legibility_by_api(
    url: str,
    reader: Callable[[Tensor], Tensor],
    styles: Sequence[str],
    bias: float | None,
    seed: int,
    limit: int | None = None,
) -> dict[tuple[str, str], dict[str, float]]:
    """Rows of metrics.json, (model, data): the fixed sentences by group and, of several styles, by style.

    Args:
        styles: the app's ids; none for its default.
        bias: None for the app's default.
        limit: how many sentences of each group, the first ones.

    Raises:
        ValueError: the app cannot be reached or refuses a line.
    """
    asked = [
        (group, style, text)
        for group, texts in sentences(limit).items()
        for text in texts
        for style in styles or [None]
    ]

    def ask(place: int) -> dict[str, Any]:
        _, style, text = asked[place]
        body = {"text": text, "seed": seed * 1009 + place, "lineWidth": _LONGEST}
        body |= {} if style is None else {"style": style}
        body |= {} if bias is None else {"bias": bias}
        answer = session.post(f"{url}/api/handwriting", json=body, timeout=120)
        if answer.status_code != 200:
            raise ValueError(f"{url} answered {answer.status_code} for {text!r}: {answer.text[:300]}")
        return answer.json()

    try:
        with requests.Session() as session, concurrent.futures.ThreadPoolExecutor(4) as pool:
            places = range(len(asked))
            answers = list(tqdm(pool.map(ask, places), total=len(asked), desc="writing by API", unit="line"))
    except requests.ConnectionError as error:
        raise ValueError(f"no app answers at {url}: start it with `npm start`") from error
    read = read_offsets(reader, [offsets_of(answer) for answer in answers])
    lines = [(*line, found, len(answer["warnings"])) for line, found, answer in zip(asked, read, answers, strict=True)]
    at = "default bias" if bias is None else f"bias {bias:g}"
    rows = {}
    for group in dict.fromkeys(group for group, *_ in asked):
        rows[f"app (int8 ONNX), {at}", f"synthesised, {group}"] = _scores([r for r in lines if r[0] == group])
    for style in styles if len(styles) > 1 else []:
        some = [r for r in lines if r[1] == style]
        rates = {f"CER {group}": _scores([r for r in some if r[0] == group])["CER with redraws"] for group, *_ in some}
        rows[f"{style}, app (int8 ONNX), {at}", "synthesised, by style"] = rates | _scores(some)
    return rows


def _scores(lines: Sequence[tuple[str, str | None, str, str, int]]) -> dict[str, float]:
    thousand = 1000 / len(lines)
    return {
        "lines": len(lines),
        "CER with redraws": error_rates((text, read) for _, _, text, read, _ in lines)[0],
        "runaways after redraws ‰": thousand * sum(warnings > 0 for *_, warnings in lines),
        "illegible ‰": thousand * sum(edits(text, read) > len(text) / 2 for _, _, text, read, _ in lines),
    }
