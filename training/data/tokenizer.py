"""The one PTB-style tokeniser: it makes the vocabulary, the rewards and the text of captions and questions.

NLTK's Treebank tokeniser followed by the punctuation filter of pycocoevalcap's `PTBTokenizer`, so that what the
model learns is what the scorers count.
"""

from nltk.tokenize import TreebankWordTokenizer
from nltk.tokenize.treebank import TreebankWordDetokenizer

# The tokens that pycocoevalcap's PTBTokenizer drops (its PUNCTUATIONS), plus the brackets in their plain spelling.
_DROPPED = frozenset("'' ' `` ` \" ( ) [ ] { } . ? ! , : - -- ... ;".split())
_treebank = TreebankWordTokenizer()
_detokenizer = TreebankWordDetokenizer()


def tokenize(text: str) -> list[str]:
    """Split one sentence into lower-case tokens without punctuation: "A dog's toy." → ["a", "dog", "'s", "toy"]."""
    return [word for word in _treebank.tokenize(text.lower().strip(" .")) if word not in _DROPPED]


def detokenize(tokens: list[str]) -> str:
    """Join tokens into a sentence, attaching clitics: ["a", "dog", "'s", "toy"] → "a dog's toy"."""
    return _detokenizer.detokenize(tokens)
