"""Maps on which what the network treats alike lies near: of characters by their embeddings, of words by what it expects after them."""

import re
from collections import Counter, defaultdict

import numpy as np
import torch
from sklearn.manifold import TSNE

from training.language.characters import Characters
from training.language.model import LanguageModel

NEIGHBOURS = 6
_WORDS = 300
_LEAST = 3  # letters of a word
_READ = 400_000  # characters of the text in which words are looked for
_CHUNK = 2000


def lay_out(vectors_ND: np.ndarray, perplexity: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Places on a plane by t-SNE (van der Maaten and Hinton 2008), by cosine, and each one's nearest others by the same.

    Returns:
        xy_N2 from 0 to 1, and neighbours_NK, nearest first.
    """
    centred_ND = vectors_ND - vectors_ND.mean(0)
    unit_ND = centred_ND / np.linalg.norm(centred_ND, axis=1, keepdims=True)
    near_NN = unit_ND @ unit_ND.T
    np.fill_diagonal(near_NN, -np.inf)
    neighbours_NK = np.argsort(-near_NN, axis=1)[:, :NEIGHBOURS]
    xy_N2 = TSNE(perplexity=perplexity, metric="cosine", init="random", random_state=seed).fit_transform(centred_ND)
    low, high = xy_N2.min(0), xy_N2.max(0)
    return (xy_N2 - low) / (high - low), neighbours_NK


@torch.inference_mode()
def word_vectors(model: LanguageModel, characters: Characters, text: str) -> tuple[list[str], np.ndarray]:
    """The most frequent words, in lower case, and the mean hidden state behind the space after each, vectors_WH."""
    text = text[:_READ]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for match in re.finditer(r"(?<![\w'-])([A-Za-z]+) ", text):
        places[match[1].lower()].append(match.end() - 1)
    ranked = Counter({w: len(at) for w, at in places.items() if len(w) >= _LEAST}).most_common(_WORDS)
    words = sorted(word for word, _ in ranked)
    index_N = np.full(len(text), -1)
    for i, word in enumerate(words):
        index_N[places[word]] = i
    ids_1N = torch.from_numpy(characters.encode(text)).unsqueeze(0)
    sum_WH, state = np.zeros((len(words), model.config.hidden)), None
    for start in range(0, ids_1N.shape[1], _CHUNK):
        _, hidden_1TH, state = model(ids_1N[:, start : start + _CHUNK], state)
        part_T = index_N[start : start + _CHUNK]
        np.add.at(sum_WH, part_T[part_T >= 0], hidden_1TH[0].numpy()[part_T >= 0])
    return words, sum_WH / np.array([[len(places[word])] for word in words])


def draw_maps(model: LanguageModel, characters: Characters, text: str) -> dict[str, list[dict]]:
    """Both maps: for each point its `text`, `x` and `y` from 0 to 1, and the indices of its `neighbours`.

    Args:
        text: what the network was trained on, written in known characters.
    """
    if model.embedding is None:
        raise ValueError("a network that reads one-hot vectors has no embeddings to draw: export one that has")
    words, vectors_WH = word_vectors(model, characters, text)
    drawn = {
        "characters": (list(characters.known), lay_out(model.embedding.weight.detach().numpy(), 8)),
        "words": (words, lay_out(vectors_WH, 15)),
    }
    return {
        name: [
            {"text": text, "x": round(float(x), 4), "y": round(float(y), 4), "neighbours": neighbours.tolist()}
            for text, (x, y), neighbours in zip(texts, xy_N2, neighbours_NK, strict=True)
        ]
        for name, (texts, (xy_N2, neighbours_NK)) in drawn.items()
    }
