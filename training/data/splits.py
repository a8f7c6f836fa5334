"""The committed splits. One split by photo serves captioning and VQA together: a dev photo trains nothing.

`splits.json` lists the dev photos of data sets that come without an official dev list; a photo that it does not
name is for training.
"""

import json
from functools import cache
from pathlib import Path


@cache
def _dev_photos(data_set: str) -> frozenset[int]:
    return frozenset(json.loads(Path(__file__).with_name("splits.json").read_text(encoding="utf-8"))[data_set]["dev"])


def coco_split(image_id: int) -> str:
    """The split of a COCO image id: "dev" or "train"."""
    return "dev" if image_id in _dev_photos("coco") else "train"


def daquar_split(image_id: int) -> str:
    """The split of a DAQUAR image number: "dev" or "train"."""
    return "dev" if image_id in _dev_photos("daquar") else "train"
