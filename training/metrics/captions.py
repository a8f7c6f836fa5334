"""Caption scores with pycocoevalcap's scorers, and what the scores do not show: how captions end, how many differ."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

from training.data.tokenizer import tokenize
from training.metrics.people import GROUPS, OPPOSITES, is_mistaken

# A caption that ends in one of these stopped in mid-phrase.
_DANGLING = frozenset(
    "a an the and or but of in on at with to from by for into onto over under near while as its his her their".split()
)


def score(
    captions: Mapping[str, str], references: Mapping[str, Sequence[str]], meteor: bool = True
) -> dict[str, float]:
    """BLEU-1…4, METEOR, ROUGE-L and CIDEr, each ×100, after the PTB tokenizer of pycocoevalcap.

    Raises:
        ValueError: the photos differ, or Java is missing.
    """
    if captions.keys() != references.keys():
        raise ValueError(f"{len(captions)} captions for {len(references)} photos: the ids must be the same")
    if shutil.which("java") is None:
        raise ValueError("Java is missing (the PTB tokenizer and METEOR need it): apt-get install default-jre-headless")
    tokenizer = PTBTokenizer()
    truth = tokenizer.tokenize({key: [{"caption": text} for text in texts] for key, texts in references.items()})
    guess = tokenizer.tokenize({key: [{"caption": text}] for key, text in captions.items()})
    bleu, _ = Bleu(4).compute_score(truth, guess, verbose=0)
    scores = {f"BLEU-{n}": value for n, value in enumerate(bleu, 1)}
    if meteor:
        scores["METEOR"] = Meteor().compute_score(truth, guess)[0]
    scores["ROUGE-L"] = Rouge().compute_score(truth, guess)[0]
    scores["CIDEr"] = Cider().compute_score(truth, guess)[0]
    return {name: 100 * float(value) for name, value in scores.items()}


def diversity(captions: Sequence[str]) -> dict[str, float]:
    """Distinct captions, words used, mean length in words, and the share (%) that ends in mid-phrase."""
    tokens = [tokenize(caption) for caption in captions]
    return {
        "distinct captions": len(set(captions)),
        "words used": len(Counter(word for words in tokens for word in words)),
        "mean length": sum(map(len, tokens)) / len(tokens),
        "ends in mid-phrase": 100 * sum(words[-1] in _DANGLING for words in tokens if words) / len(tokens),
    }


def people(captions: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """How often the wrong gender or age is written, over photos whose references agree on it.

    References agree on a group when at least three of them name it and none names its opposite. A caption errs when it
    names the opposite group and not the right one.
    """
    found: dict[str, float] = {}
    for group, opposite in OPPOSITES:
        photos = errors = 0
        for key, texts in references.items():
            words = [set(tokenize(text)) for text in texts]
            if sum(bool(w & GROUPS[group]) for w in words) < 3 or any(w & GROUPS[opposite] for w in words):
                continue
            photos += 1
            errors += is_mistaken(set(tokenize(captions[key])), group, opposite)
        found[f"{group} photos"] = photos
        found[f"called {opposite}"] = errors
    return found
