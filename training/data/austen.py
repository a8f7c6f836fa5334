"""Jane Austen's six novels (1811 to 1818, in the public domain), as the R package janeaustenr 1.0.0 (MIT) brings them: texts of
Project Gutenberg in lines of some 70 characters. Debian has it as r-cran-janeaustenr; R itself is not needed.

  apt-get download r-cran-janeaustenr && dpkg -x r-cran-janeaustenr_*.deb data/austen
"""

import hashlib
import re
import warnings
import zlib
from pathlib import Path

import rdata

BOOKS = {
    "sensesensibility": "Sense and Sensibility",
    "prideprejudice": "Pride and Prejudice",
    "mansfieldpark": "Mansfield Park",
    "emma": "Emma",
    "northangerabbey": "Northanger Abbey",
    "persuasion": "Persuasion",
}
SHA256 = "4961dffacd623755a85f408b99e8bbff9400043a8a8c0372894eab329f27595e"  # of all lines
_HEADING = re.compile(r"chapter (\d+|[ivxlc]+)\.?", re.IGNORECASE)
_VOLUME = re.compile(r"volume [ivx]+", re.IGNORECASE)
_FOLD = 20  # of so many chapters one is dev and one is test


def split_of(chapter: int) -> str:
    """ "train", "dev" or "test", by the number of a chapter, counted through all books: a chapter is never divided."""
    return {9: "dev", 19: "test"}.get(chapter % _FOLD, "train")


def load(folder: Path, split: str) -> list[str]:
    """The chapters of a split, without their headings, lines ended by a newline.

    Args:
        folder: where the package was unpacked, or any folder around it.

    Raises:
        ValueError: the folder lacks the package, or has another version of its texts.
    """
    lines = _read(folder)
    digest = hashlib.sha256("\n".join(line for book in BOOKS for line in lines[book]).encode()).hexdigest()
    if digest != SHA256:
        raise ValueError(
            f"{folder} has other texts than janeaustenr 1.0.0: take that version, of which all numbers are"
        )
    chapters = [chapter for book in BOOKS for chapter in chapters_of(lines[book])]
    return [chapter for number, chapter in enumerate(chapters) if split_of(number) == split]


def chapters_of(lines: list[str]) -> list[str]:
    """A book's chapters; what stands before the first heading, and headings of volumes, are left out."""
    chapters: list[list[str]] = []
    for line in lines:
        if _HEADING.fullmatch(line.strip()):
            chapters.append([])
        elif chapters and not _VOLUME.fullmatch(line.strip()):
            chapters[-1].append(line.rstrip())
    return [re.sub(r"\n{3,}", "\n\n", "\n".join(chapter).strip("\n")) + "\n" for chapter in chapters]


def _read(folder: Path) -> dict[str, list[str]]:
    """The lines of each book, out of the data base in which R keeps a package's data: an index and deflated objects."""
    found = sorted(folder.glob("**/janeaustenr/data/Rdata.rdx"))
    if len(found) != 1:
        raise ValueError(
            f"{folder} has {len(found)} files janeaustenr/data/Rdata.rdx: unpack Debian's r-cran-janeaustenr there"
        )
    content = found[0].with_suffix(".rdb").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader takes notice of file endings, and of their absence
        index = rdata.read_rds(found[0])["variables"]
        # The first four bytes of an object are its length when inflated.
        objects = {
            str(name): rdata.conversion.convert(
                rdata.parser.parse_data(zlib.decompress(content[start + 4 : start + length]))
            )
            for name, (start, length) in index.items()
        }
    books = {name: [str(line) for line in lines] for name, lines in objects.items()}
    missing = sorted(set(BOOKS).difference(books))
    if missing:
        raise ValueError(f"{found[0]} has no {missing[0]}: is it janeaustenr?")
    return books
