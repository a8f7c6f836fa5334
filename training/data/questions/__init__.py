"""Questions made from captions, after the rules published with COCO-QA (Ren, Kiros and Zemel 2015, section 3.2).

A caption is tagged (`tagger`), read as noun phrases and clauses (`clauses`) and turned around (`wh`); `presence` asks
yes/no questions about objects, with checked negatives; `enrolment` thins frequent answers; `cloze` asks for words in their place;
`words` holds what the rules know of single words.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class GeneratedQuestion:
    """One question on a photo, with its one-word answer in lower case."""

    photo: str  # the id of `captions.CaptionedPhoto`
    question: str  # "what is the man riding?"
    answer: str
    kind: str  # "object", "number", "color", "location", "yes/no", "cloze"
