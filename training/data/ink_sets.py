"""The ink data sets that commands take, cleaned, cached and split by writer."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from training.data import iam_ondb, packed_ink, unipen
from training.data.ink import Ink
from training.data.ink_cleaning import Cleaning, CleanInk, cached, without_misread
from training.data.splits import writer_split

_LAYOUT = "an ink folder holds packed npz files, or the original layout.\n" + "\n".join(
    (packed_ink.LAYOUT, unipen.LAYOUT, iam_ondb.LAYOUT)
)


def add_arguments(parser: argparse.ArgumentParser, losses: bool = False) -> None:
    """The options that `load_ink` reads."""
    data = parser.add_argument_group("data (at least one)")
    data.add_argument("--unipen", type=Path, metavar="DIR", help="UNIPEN: a folder of npz files, or the CD's layout")
    data.add_argument("--iam", type=Path, metavar="DIR", help="IAM-OnDB: a folder of npz files, or the original layout")
    data.add_argument("--cache", type=Path, default=Path("cache"), metavar="DIR", help="for cleaned ink")
    data.add_argument("--deslant", action="store_true", help="take the slant out of the writing")
    if losses:
        data.add_argument("--losses", type=Path, metavar="TSV", help="leave out what a reader found hard in this file")
        data.add_argument("--highest-loss", type=float, default=2.5, help="nats a character that are still kept")


def read_folder(folder: Path, data_set: str) -> Iterator[tuple[str, Ink]]:
    """Named samples of a folder.

    Raises:
        ValueError: the folder has none of the layouts.
    """
    packed = sorted(folder.glob("*.npz"))
    if packed:
        for path in packed:
            for i, ink in enumerate(packed_ink.load(path, data_set)):
                yield f"{path.name.split('.')[0]}/{i}", ink
        return
    if not (folder / ("data" if data_set == "unipen" else "lineStrokes")).is_dir():
        raise ValueError(f"{folder} has no ink: {_LAYOUT}")
    for i, ink in enumerate((unipen if data_set == "unipen" else iam_ondb).load(folder)):
        yield f"{data_set}/{i}", ink


def load_ink(options: argparse.Namespace, split: str) -> CleanInk:
    """The cleaned samples of a split, "train" or "dev"; "test" takes every writer of a folder that holds a test set.

    Raises:
        ValueError: no data set is named, or a folder has another layout.
    """
    folders = {"unipen": options.unipen, "iam-ondb": options.iam}
    given = {name: folder for name, folder in folders.items() if folder}
    if len(given) != 1:
        raise ValueError("give one of --unipen and --iam")
    ((name, folder),) = given.items()
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder: {_LAYOUT}")
    packed = sorted(folder.glob("*.npz"))
    rules = Cleaning(deslant=options.deslant)
    ink = cached(packed or [folder], lambda: read_folder(folder, name), rules, options.cache)
    if getattr(options, "losses", None):
        ink = without_misread(ink, options.losses, options.highest_loss)
    if split == "test":
        return ink
    return ink.select([i for i, writer in enumerate(ink.writers) if writer_split(writer) == split])
