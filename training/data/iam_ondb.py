"""IAM-OnDB (Liwicki and Bunke 2005) in its original layout: XML strokes of each line and the text of each form."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

from training.data.ink import Ink

LAYOUT = """an IAM-OnDB folder looks like this:
  lineStrokes/a01/a01-000/a01-000u-01.xml    one file a line
  ascii/a01/a01-000/a01-000u.txt             the lines of the form after `CSR:`
  original/a01/a01-000/strokesu.xml          (optional: names the writer)
  excluded-ids.txt                           (optional: lines to leave out, one id a line)"""


def load(folder: Path) -> list[Ink]:
    """Every line that has a text and is not excluded.

    Raises:
        ValueError: the folder has another layout, or a file of strokes cannot be read.
    """
    files = sorted((folder / "lineStrokes").rglob("*.xml"))
    if not files:
        raise ValueError(f"{folder} has no lines: {LAYOUT}")
    listed = folder / "excluded-ids.txt"
    excluded = set(listed.read_text(encoding="utf-8").split()) if listed.exists() else set()
    texts: dict[str, list[str]] = {}
    found = []
    for path in files:
        line = path.stem  # a01-000u-01: form, variant, number
        form, _, number = line.rpartition("-")
        if line in excluded:
            continue
        if form not in texts:
            texts[form] = _lines(folder, form)
        index = int(number) - 1
        if index < len(texts[form]):
            found.append(Ink(_strokes(path), texts[form][index], f"iam-ondb/{_writer(folder, form)}"))
    return found


def _place(form: str) -> tuple[str, str]:
    """("a01", "a01-000") of "a01-000u"."""
    folder = re.sub("[a-z]$", "", form)
    return folder.split("-")[0], folder


def _lines(folder: Path, form: str) -> list[str]:
    top, sub = _place(form)
    path = folder / "ascii" / top / sub / f"{form}.txt"
    if not path.exists():
        raise ValueError(f"{path} is missing: {LAYOUT}")
    _, found, text = path.read_text(encoding="utf-8", errors="replace").partition("CSR:")
    if not found:
        raise ValueError(f"{path} has no line `CSR:`: {LAYOUT}")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _writer(folder: Path, form: str) -> str:
    top, sub = _place(form)
    path = folder / "original" / top / sub / f"strokes{form.removeprefix(sub)}.xml"
    named = re.search(r'writerID="([^"]+)"', path.read_text(encoding="latin-1")) if path.exists() else None
    return named[1] if named else ""


def _strokes(path: Path) -> tuple[np.ndarray, ...]:
    try:
        root = ElementTree.parse(path).getroot()
        strokes = [
            np.array([(float(p.attrib["x"]), float(p.attrib["y"])) for p in stroke.iter("Point")], np.float32)
            for stroke in root.iter("Stroke")
        ]
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error!r}): {LAYOUT}") from error
    return tuple(stroke for stroke in strokes if len(stroke))
