"""Handwriting packed into npz files, whole data sets in a few arrays."""

from pathlib import Path

import numpy as np

from training.data.ink import Ink

LAYOUT = """an npz of ink holds: dx, dy (int16, N) steps from point to point, y down, the first of a sample being (0, 0);
  end (uint8, N bits): 1 where the pen lifts after the point; offset (S + 1): the bounds of the samples; text (S); writer (S)"""


def load(path: Path, data_set: str) -> list[Ink]:
    """The samples of one file.

    Args:
        data_set: what stands before the writers' names, "unipen" or "iam-ondb".

    Raises:
        ValueError: the file is no such npz.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            dx, dy, end, offset, text, writer = (
                content[name] for name in ("dx", "dy", "end", "offset", "text", "writer")
            )
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error}): {LAYOUT}") from error
    lifts = np.unpackbits(end)[: len(dx)]
    found = []
    for s in range(len(text)):
        a, b = offset[s], offset[s + 1]
        points = np.stack([np.cumsum(dx[a:b], dtype=np.int64), np.cumsum(dy[a:b], dtype=np.int64)], 1)
        strokes = np.split(points.astype(np.float32), np.flatnonzero(lifts[a:b]) + 1)
        found.append(Ink(tuple(s for s in strokes if len(s)), str(text[s]), f"{data_set}/{writer[s]}"))
    return found
