"""What single units track: how well each one alone tells a property of the text (Karpathy et al. 2015 found such units by eye).

What is looked at is the memory c_t of a unit behind character t; tanh(c_t), which they look at, hides how far a counter has come. A
property that is there or not is scored by the area
under the ROC curve (AUC), a number by Pearson's correlation. Units are chosen on the dev chapters and scored on the test ones.

Shapes in names: N characters, H units.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from training.language.model import LanguageModel


def inside_quotes(text: str) -> np.ndarray:
    """1 from an opening quotation mark up to the character before the closing one; a paragraph's end closes all."""
    found, is_open = np.zeros(len(text)), False
    for i, character in enumerate(text):
        if character == '"':
            is_open = not is_open
        elif character == "\n" and text[i - 1 : i] == "\n":
            is_open = False
        found[i] = is_open
    return found


def line_length(text: str) -> np.ndarray:
    """Characters since the last line break."""
    found, since = np.zeros(len(text)), 0
    for i, character in enumerate(text):
        since = 0 if character == "\n" else since + 1
        found[i] = since
    return found


def word_length(text: str) -> np.ndarray:
    """Letters since a word began; 0 between words."""
    found, since = np.zeros(len(text)), 0
    for i, character in enumerate(text):
        since = since + 1 if character.isalpha() else 0
        found[i] = since
    return found


def sentence_length(text: str) -> np.ndarray:
    """Characters since a full stop, exclamation or question mark; titles (Mr., Mrs., Dr.) end none."""
    ends = {m.start() for m in re.finditer(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)[.!?]", text)}
    found, since = np.zeros(len(text)), 0
    for i in range(len(text)):
        since = 0 if i in ends else since + 1
        found[i] = since
    return found


def inside_name(text: str) -> np.ndarray:
    """1 in a word that begins with a capital letter."""
    found, is_name = np.zeros(len(text)), False
    for i, character in enumerate(text):
        if not character.isalpha():
            is_name = False
        elif not text[i - 1 : i].isalpha():
            is_name = character.isupper()
        found[i] = is_name
    return found


@dataclass(frozen=True)
class Property:
    """Something that can be said of each character of a text."""

    id: str
    of: Callable[[str], np.ndarray]
    is_binary: bool


PROPERTIES = (
    Property("quotes", inside_quotes, True),
    Property("line", line_length, False),
    Property("sentence", sentence_length, False),
    Property("word", word_length, False),
    Property("name", inside_name, True),
)


def area_under_curve(values_NH: np.ndarray, truth_N: np.ndarray) -> np.ndarray:
    """AUC_H: how often a character that has the property has the higher value than one that has not; ties count half."""
    truth_N = truth_N.astype(bool)
    positives = int(truth_N.sum())
    negatives = len(truth_N) - positives
    result = np.empty(values_NH.shape[1])
    for unit, values_N in enumerate(values_NH.T):
        _, inverse, counts = np.unique(values_N, return_inverse=True, return_counts=True)
        ranks = np.cumsum(counts) - (counts - 1) / 2  # of equal values the mean of their places
        result[unit] = (ranks[inverse[truth_N]].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    return result


def correlation(values_NH: np.ndarray, truth_N: np.ndarray) -> np.ndarray:
    """Pearson's r_H."""
    centred_NH = values_NH - values_NH.mean(0)
    truth_N = truth_N - truth_N.mean()
    scale_H = np.sqrt((centred_NH**2).sum(0) * (truth_N**2).sum())
    return truth_N @ centred_NH / np.maximum(scale_H, 1e-12)


@torch.inference_mode()
def memories(model: LanguageModel, ids_N: np.ndarray, streams: int = 1) -> np.ndarray:
    """c behind each character.

    Args:
        streams: parts of the text that are read side by side, each from an empty memory on, which is faster; they divide N.
    """
    lstm = model.lstm
    inputs_STI = model.inputs(torch.from_numpy(ids_N.reshape(streams, -1)))
    from_input_STG = inputs_STI @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    hidden_SH, cell_SH = torch.zeros(2, streams, model.config.hidden)
    found_STH = np.empty((*inputs_STI.shape[:2], model.config.hidden), np.float32)
    for t in range(inputs_STI.shape[1]):
        i_SH, f_SH, g_SH, o_SH = (from_input_STG[:, t] + hidden_SH @ lstm.weight_hh_l0.T).chunk(4, dim=1)
        cell_SH = torch.sigmoid(f_SH) * cell_SH + torch.sigmoid(i_SH) * torch.tanh(g_SH)
        hidden_SH = torch.sigmoid(o_SH) * torch.tanh(cell_SH)
        found_STH[:, t] = cell_SH.numpy()
    return found_STH.reshape(len(ids_N), -1)


def find_units(
    dev: tuple[str, np.ndarray], test: tuple[str, np.ndarray], each: int = 3
) -> list[dict[str, str | int | float]]:
    """The units that track each property best.

    Args:
        dev, test: a text and memories_NH of it.
        each: units of a property.

    Returns:
        for each property and unit: its `property`, `unit`, `measure` ("AUC" or "correlation"), `dev` and `test` scores, and
        `low` and `high`, between which the middle 98 % of its memories on dev lie. An AUC below a half is a unit that falls
        where the property is there.
    """
    found = []
    for prop in PROPERTIES:
        score = area_under_curve if prop.is_binary else correlation
        middle = 0.5 if prop.is_binary else 0.0
        (dev_text, dev_NH), (test_text, test_NH) = dev, test
        dev_H = score(dev_NH, prop.of(dev_text))
        best = np.argsort(-np.abs(dev_H - middle))[:each]
        test_H = score(test_NH[:, best], prop.of(test_text))
        for unit, test_score in zip(best.tolist(), test_H.tolist(), strict=True):
            low, high = np.percentile(dev_NH[:, unit], [1, 99]).tolist()
            found.append(
                {
                    "property": prop.id,
                    "unit": unit,
                    "measure": "AUC" if prop.is_binary else "correlation",
                    "dev": round(float(dev_H[unit]), 3),
                    "test": round(test_score, 3),
                    "low": round(low, 3),
                    "high": round(high, 3),
                }
            )
    return found
