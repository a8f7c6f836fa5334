"""The committed splits. One split by photo serves captioning and VQA together: a dev photo trains nothing. One split by
writer serves everything that learns from ink.

`splits.json` lists the dev photos and dev writers of data sets that come without an official dev list; what it does not
name is for training.
"""

import json
from functools import cache
from pathlib import Path


@cache
def _dev(data_set: str) -> frozenset:
    return frozenset(json.loads(Path(__file__).with_name("splits.json").read_text(encoding="utf-8"))[data_set]["dev"])


def coco_split(image_id: int) -> str:
    """The split of a COCO image id: "dev" or "train"."""
    return "dev" if image_id in _dev("coco") else "train"


def daquar_split(image_id: int) -> str:
    """The split of a DAQUAR image number: "dev" or "train"."""
    return "dev" if image_id in _dev("daquar") else "train"


def writer_split(writer: str) -> str:
    """The split of a writer, "unipen/sta/hpb0-aeb" or "iam-ondb/10221": "dev" or "train"."""
    data_set, _, name = writer.partition("/")
    return "dev" if name in _dev(data_set) else "train"
