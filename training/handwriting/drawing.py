"""Strokes as PNG and SVG, to look at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_X_HEIGHT = 16  # pixels
_MARGIN = 3.0  # x-heights above and below the baseline's middle


def _bounds(strokes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    points = np.concatenate([np.zeros((1, 2)), *strokes])
    return points.min(0), points.max(0)


def to_svg(strokes: Sequence[np.ndarray]) -> str:
    """One line of writing; a unit is a twentieth of the x-height."""
    (left, top), (right, bottom) = (corner * 20 for corner in _bounds(strokes))
    paths = "".join(
        "<path d='M" + "L".join(f"{x * 20 - left:.1f} {y * 20 - top:.1f}" for x, y in stroke) + "'/>"
        # A dot is a line to itself: round caps draw it.
        for stroke in (np.repeat(s, 2, 0) if len(s) == 1 else s for s in strokes)
    )
    size = f"{right - left + 8:.1f} {bottom - top + 8:.1f}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-4 -4 {size}' fill='none' stroke='#000' stroke-width='2' "
        f"stroke-linecap='round' stroke-linejoin='round'>{paths}</svg>\n"
    )


def page(lines: Sequence[tuple[str, Sequence[np.ndarray]]]) -> Image.Image:
    """Lines of writing below each other, each under its caption."""
    height = int(2 * _MARGIN * _X_HEIGHT) + 14
    width = max(int(_bounds(strokes)[1][0] * _X_HEIGHT) for _, strokes in lines) + 40
    image = Image.new("RGB", (max(width, 300), height * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default()
    for row, (caption, strokes) in enumerate(lines):
        draw.text((4, row * height), caption, fill=(180, 60, 60), font=font)
        origin = np.array([16, row * height + 14 + _MARGIN * 1.2 * _X_HEIGHT])
        for stroke in strokes:
            points = [tuple(point) for point in (stroke * _X_HEIGHT + origin).tolist()]
            if len(points) == 1:
                x, y = points[0]
                draw.ellipse([x - 1, y - 1, x + 1, y + 1], fill="black")
            else:
                draw.line(points, fill="black", width=2)
    return image


def save(path: Path, lines: Sequence[tuple[str, Sequence[np.ndarray]]]) -> None:
    """Write a page as PNG, or each line as SVG: name-0.svg, name-1.svg …

    Raises:
        ValueError: another suffix.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        page(lines).save(path)
    elif path.suffix == ".svg":
        for i, (_, strokes) in enumerate(lines):
            path.with_name(f"{path.stem}-{i}.svg").write_text(to_svg(strokes), encoding="utf-8")
    else:
        raise ValueError(f"{path} should end in .png or .svg")
