"""One spelling for each answer: the normalisation of the VQA evaluation, and words that are spelled in two ways."""

import re

_NUMBERS = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_NUMBERS["none"] = "0"
_ARTICLES = frozenset(("a", "an", "the"))
# Contractions that are not another word without their apostrophe, as "well" and "were" would be.
_CONTRACTIONS = {
    word.replace("'", ""): word
    for word in (
        "ain't aren't can't could've couldn't didn't doesn't don't hadn't hasn't haven't he'd he's how'd how'll how's "
        "i'm i've isn't it'd it'll ma'am might've mightn't must've mustn't needn't o'clock oughtn't shan't should've "
        "shouldn't somebody's someone's something's that'd that's there'd there're there's they'd they'll they're "
        "they've wasn't we've weren't what'll what're what's what've when's where'd where's who'd who'll who's who've "
        "why's won't would've wouldn't y'all you'd you'll you're you've"
    ).split()
}
# The signs & $ % # * stay, as in the published evaluation.
_PUNCTUATION = re.compile(r"[;/\[\]\"{}()=+\\_\-<>@`,?!]")

# British → American spelling, which the data sets' answers prefer.
SPELLINGS = {
    "aeroplane": "airplane",
    "aeroplanes": "airplanes",
    "centre": "center",
    "colour": "color",
    "coloured": "colored",
    "colourful": "colorful",
    "colours": "colors",
    "doughnut": "donut",
    "doughnuts": "donuts",
    "grey": "gray",
    "multicoloured": "multicolored",
    "pyjamas": "pajamas",
    "theatre": "theater",
    "tyre": "tire",
    "tyres": "tires",
    "yoghurt": "yogurt",
}


def normalize(answer: str) -> str:
    """The normalisation of the VQA evaluation (Antol et al. 2015, visualqa.org/evaluation).

    Lower case; full stops go except in decimals, commas between digits go, other punctuation but ' and : becomes a
    space; number words up to ten become digits; articles go; contractions get their apostrophe back.

    >>> normalize("The T-shirt, and two dogs.")
    't shirt and 2 dogs'
    """
    text = answer.lower().replace("’", "'")
    text = re.sub(r"\.(?!\d)", "", text)
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    words = [_NUMBERS.get(word, word) for word in _PUNCTUATION.sub(" ", text).split()]
    return " ".join(_CONTRACTIONS.get(word, word) for word in words if word not in _ARTICLES)


def canonical(answer: str) -> str:
    """The spelling under which an answer is learned and given: normalised, in American spelling.

    >>> canonical("Dark grey")
    'dark gray'
    """
    return " ".join(SPELLINGS.get(word, word) for word in normalize(answer).split())
