"""UNIPEN (Guyon et al. 1994) in the format of its CD: label files with .SEGMENT, that include the files of points."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from training.data.ink import Ink

LAYOUT = """a UNIPEN folder looks like this:
  data/8/dar/dar2/wes.dat       .INCLUDE dar/data/dar2/wes.dat, then .SEGMENT TEXT 0-21 OK "In my freshman year"
  include/dar/dar2.doc          .COORD X Y P, .POINTS_PER_SECOND 200
  include/dar/data/dar2/wes.dat .WRITER_ID wes, .PEN_DOWN, one point a line, .PEN_UP"""

_LEVELS = ("TEXT", "WORD")
_SEGMENT = re.compile(
    r"^\s*\.SEGMENT\s+(?P<level>\S+)\s+(?P<range>[\d:,\-\s]+?)\s+(?:(?P<quality>\S+)\s+)?\"(?P<label>(?:[^\"\\]|\\.)*)\"",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class _Page:
    """What the keywords have said up to a line of the file, and the pen-down and pen-up components read so far."""

    axes: list[str] = field(default_factory=lambda: ["X", "Y"])
    density: dict[str, float] = field(default_factory=dict)  # points per mm by axis
    writer: str = ""
    components: list[tuple[bool, np.ndarray, str]] = field(default_factory=list)  # pen down, points [n, 2], writer


def load(folder: Path, levels: tuple[str, ...] = _LEVELS) -> list[Ink]:
    """Every segment of the named levels, y turned to point down.

    Writers are named after the laboratory and the .WRITER_ID, which is unique inside one only.

    Raises:
        ValueError: the folder has another layout, or an included file is missing.
    """
    files = sorted(p for p in (folder / "data").rglob("*") if p.is_file()) if (folder / "data").is_dir() else []
    found: list[Ink] = []
    for path in files:
        text = path.read_text(encoding="latin-1")
        segments = [match for match in _SEGMENT.finditer(text) if match["level"].upper() in levels]
        if not segments:
            continue
        page = _Page()
        _read(path, text, folder / "include", page)
        laboratory = _laboratory(text, path)
        for match in segments:
            parts = _cut(page.components, match["range"], path)
            strokes = tuple(points for down, points, _ in parts if down)
            if strokes:
                label = re.sub(r"\\(.)", r"\1", match["label"])
                found.append(Ink(strokes, label, f"unipen/{laboratory}/{parts[0][2]}"))
    if not found:
        raise ValueError(f"{folder} has no .SEGMENT {' or '.join(levels)}: {LAYOUT}")
    return found


def _laboratory(text: str, path: Path) -> str:
    included = re.search(r"^\s*\.INCLUDE\s+([^/\s]+)/", text, re.MULTILINE)
    return included[1] if included else path.parent.name


def _read(path: Path, text: str, include: Path, page: _Page) -> None:
    """Add a file's components to the page, included files in their place."""
    rows: list[list[float]] = []
    down: bool | None = None  # None outside components

    def close() -> None:
        # Components without points, as most .PEN_UP are, are not numbered.
        if down is not None and rows:
            values = np.array([row[: len(page.axes)] for row in rows if len(row) >= 2], np.float32)
            x, y = (values[:, page.axes.index(a)] / page.density.get(a, 1.0) for a in ("X", "Y"))
            page.components.append((down, np.stack([x, -y], 1), page.writer))
        rows.clear()

    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if not words[0].startswith("."):
            if down is not None:
                try:
                    rows.append([float(word) for word in words])
                except ValueError as error:
                    raise ValueError(f"{path} has a line {line.strip()!r} among the points: {LAYOUT}") from error
            continue
        keyword, values = words[0][1:].upper(), words[1:]
        close()
        down = {"PEN_DOWN": True, "PEN_UP": False}.get(keyword)
        if keyword == "INCLUDE" and values:
            included = _find(include, values[0], path)
            _read(included, included.read_text(encoding="latin-1"), include, page)
        elif keyword == "COORD":
            page.axes = [value.upper() for value in values]
        elif keyword == "WRITER_ID" and values:
            page.writer = values[0]
        elif match := re.fullmatch(r"([XY])_POINTS_PER_(INCH|MM)", keyword):
            page.density[match[1]] = float(values[0]) / (25.4 if match[2] == "INCH" else 1.0)
    close()
    if page.density.keys() < {"X", "Y"}:  # one axis alone would squash the writing
        page.density.clear()


def _find(include: Path, name: str, path: Path) -> Path:
    for candidate in (include / name, include / name.lower(), path.parent / name):
        if candidate.is_file():
            return candidate
    raise ValueError(f"{path} includes {name}, which is not in {include}: {LAYOUT}")


def _cut(components: list, delineation: str, path: Path) -> list:
    """The components of "3", "3-7", "3:10-7:20" (points within components) or several of these with commas."""
    parts = []
    for piece in re.sub(r"\s", "", delineation).strip(",").split(","):
        first, _, last = piece.partition("-")
        a, _, from_point = first.partition(":")
        b, _, to_point = (last or first).partition(":")
        if not (a.isdigit() and b.isdigit() and int(b) < len(components)):
            raise ValueError(f"{path} has a segment {piece!r} among {len(components)} components: {LAYOUT}")
        for i in range(int(a), int(b) + 1):
            down, points, writer = components[i]
            end = int(to_point) + 1 if last and i == int(b) and to_point else len(points)
            start = int(from_point) if i == int(a) and from_point else 0
            if start < end:
                parts.append((down, points[start:end], writer))
    return parts
