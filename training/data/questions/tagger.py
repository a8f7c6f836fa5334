"""Part-of-speech tags for captions: the averaged perceptron of `textblob-aptagger`, corrected where captions differ from news.

The tagger's weights lie in its wheel on PyPI, so that nothing is downloaded when it runs. NLTK reads them.
"""

import importlib.metadata
import io
import pickle
import re
from dataclasses import dataclass
from functools import cache

from nltk.tag.perceptron import PerceptronTagger

from training.data.questions import words
from training.data.tokenizer import tokenize

# One letter a token, so that rules over tags are regular expressions over strings.
_LETTERS = {
    **dict.fromkeys(("DT", "PDT", "PRP$", "WP$"), "D"),
    **dict.fromkeys(("JJ", "JJR", "JJS"), "J"),
    **dict.fromkeys(("NN", "NNP"), "N"),
    **dict.fromkeys(("NNS", "NNPS"), "S"),
    **dict.fromkeys(("VBZ", "VBP"), "V"),
    **dict.fromkeys(("RB", "RBR", "RBS"), "R"),
    **dict.fromkeys(("WDT", "WP", "WRB"), "L"),
    **{"CD": "M", "PRP": "O", "EX": "X", "MD": "A", "VBD": "Y", "VBG": "G", "VBN": "Y", "VB": "I"},
    **{"IN": "P", "TO": "T", "RP": "U", "CC": "C", "POS": "H", ",": ","},
}


@dataclass(frozen=True)
class Token:
    """A word, or several that work as one ("in front of"), and its letter.

    D determiner, M number, J adjective, K colour, N noun, S plural noun, H possessive, O pronoun, X "there", B be,
    A auxiliary, V present, Y past, E participle, G gerund, I infinitive, T "to", P preposition, U particle, R adverb,
    C conjunction, L subordinator, "," any break, Z the rest.
    """

    word: str
    letter: str


class _Weights(pickle.Unpickler):
    """Reads the weights, which need no class but `set`: a pickle that asks for another is not what we know."""

    def find_class(self, module: str, name: str) -> type:
        if (module, name) not in (("__builtin__", "set"), ("builtins", "set")):
            raise ValueError(f"the tagger's weights ask for {module}.{name}: install textblob-aptagger==0.2.0 anew")
        return set


@cache
def _perceptron() -> PerceptronTagger:
    package = importlib.metadata.distribution("textblob-aptagger")
    data = package.locate_file("textblob_aptagger/trontagger-0.1.0.pickle").read_bytes()
    tagger = PerceptronTagger(load=False)
    tagger.model.weights, tagger.tagdict, tagger.classes = _Weights(io.BytesIO(data), encoding="utf-8").load()
    tagger.model.classes = tagger.classes
    return tagger


def tag(caption: str) -> list[Token]:
    """Tag one caption, in lower case, its clauses kept apart by "," tokens."""
    text: list[str] = []
    for part in re.split(r"[,.;:!?()\"]+|\s-+\s", caption.lower().replace("’", "'")):
        if part.strip():
            text += [*([","] if text else []), *tokenize(part)]
    text = [spelled for word in text for spelled in words.SPELLINGS.get(word, word).split()]
    tags = [_letter(word, label) for word, label in _perceptron().tag(text)]
    return _join(text, _correct(text, tags))


def _letter(word: str, label: str) -> str:
    if word in words.LETTERS:
        return words.LETTERS[word]
    if word == "'s":
        return "H"  # "the dog's running" is rare in captions, and told from a possessive by none of the tags
    if label == "IN" and word not in words.SINGLE_PREPOSITIONS:
        return "Z"  # "toss", to a tagger that has not read of balls
    return _LETTERS.get(label, "Z")


def _correct(text: list[str], tags: list[str]) -> list[str]:
    """Mend what a tagger trained on news gets wrong: verbs taken for nouns above all."""
    tags = list(tags)
    for i, word in enumerate(text):
        tag = tags[i]
        before = tags[i - 1] if i else ","
        after = tags[i + 1] if i + 1 < len(tags) else ","
        if tag == "U" and i and after in "DMNSJK" and words.is_preposition(word, text[i - 1]):
            tags[i] = "P"  # "walking down a path", but "holding up a sign"
        elif tag in "NJ" and before in "BNSKE" and (before == "B" or after not in "NSH") and words.is_gerund(word):
            tags[i] = "G"  # "a dog barking at"
        elif tag == "G" and before not in "BNS" and after in "NS" and words.is_compound(word, text[i + 1]):
            tags[i] = "N"  # "a bathing suit"
        elif tag in "NS" and after not in "NS" and words.is_third_person(word):
            acts = before == "N" and (words.is_actor(text[i - 1]) or words.is_unknown(text[i - 1]))
            acts |= before == "K" and tags[i - 2] == "P" and not words.is_thing(words.singular(word))  # "in red rides"
            acts |= before == "C" and "V" in tags[:i] and after in "PUR" and not words.is_thing(words.singular(word))
            tags[i] = "V" if acts else tag
        elif tag in "NJI" and before == "S" and words.is_verb(word) and words.is_actor(text[i - 1]):
            if after in "PDTUR" or (after == "," and not set("BGV") & set(tags[:i])):
                tags[i] = "V"  # "two dogs play in"
        elif tag == "Y" and (before == "B" or word in words.PARTICIPLES or (before in "DJKM" and after in "JKNS")):
            tags[i] = "E"
    return tags


def _join(text: list[str], tags: list[str]) -> list[Token]:
    tokens: list[Token] = []
    i = 0
    while i < len(text):
        for phrase, letter in words.PHRASES.get(text[i], ()):
            if tuple(text[i : i + len(phrase)]) == phrase:
                tokens.append(Token(" ".join(phrase), letter))
                i += len(phrase)
                break
        else:
            tokens.append(Token(text[i], tags[i]))
            i += 1
    return tokens
