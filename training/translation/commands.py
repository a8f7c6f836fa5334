"""The four verbs of `python -m training.translation`."""

import argparse
import json

from training.data.tatoeba import load as load_pairs
from training.device import device
from training.loop import LoopConfig, fit
from training.metrics.translation import translation_scores
from training.report import add_row
from training.translation import exporting, search
from training.translation.dataset import Augmentation, PairBatches
from training.translation.model import Translator, TranslatorConfig, load
from training.translation.train import TranslationTask
from training.translation.vocabulary import Vocabulary


def train(options: argparse.Namespace) -> None:
    """Train one translator."""
    pairs, dev = load_pairs(options.pairs, "train"), load_pairs(options.pairs, "dev")
    # The same for every kind and size of model: the app's two translators share it.
    vocabulary = Vocabulary.from_pairs(pairs, options.subwords)
    augmentation = Augmentation(options.bpe_dropout, options.joined)
    dataset = PairBatches(pairs, vocabulary, options.seed, options.batch_size, augmentation)
    sizes = TranslatorConfig(
        len(vocabulary.english.pieces),
        len(vocabulary.russian.pieces),
        options.kind,
        options.embedding_size,
        options.encoder_size,
        options.hidden_size,
        options.dropout,
        options.word_dropout,
    )
    model = Translator(sizes)
    print(f"{len(pairs)} pairs, dev {len(dev)}; {sum(p.numel() for p in model.parameters())} weights")
    task = TranslationTask(model, vocabulary, dataset, dev, options.rate, options.smoothing)
    config = LoopConfig(
        options.out,
        options.epochs,
        batch_size=1,  # the data set deals out batches
        seed=options.seed,
        clip_norm=1.0,
        ema_decay=options.ema,
        bf16=False,
        workers=0,
        validate_every=2,
    )
    fit(task, config, options.resume)


def evaluate(options: argparse.Namespace) -> None:
    """chrF and BLEU of a checkpoint or a running app on dev, and print, or write, them."""
    if (options.checkpoint is None) == (options.url is None):
        raise ValueError("give one of --checkpoint and --url")
    pairs = load_pairs(options.pairs, "dev")
    # A sentence that has several translations is asked once, and scored against each.
    texts = sorted({pair.english for pair in pairs})
    if options.url:
        found = exporting.translate_by_api(options.url, texts, options.variant, options.beam_width)
        kind = options.variant
    else:
        model, vocabulary = load(options.checkpoint)
        best = search.translate(model.to(device()), vocabulary, texts, options.beam_width)
        found = {text: translations[0] for text, translations in zip(texts, best, strict=True)}
        kind = model.config.kind
    scores = {
        "pairs": len(pairs),
        "sentences": len(texts),
        **translation_scores([found[pair.english] for pair in pairs], [pair.russian for pair in pairs]),
    }
    print(json.dumps({"tatoeba dev": scores}, indent=2))
    if options.write:
        add_row(options.write, options.label or kind, "tatoeba dev", scores)


def translate(options: argparse.Namespace) -> None:
    """Print the best translations of each text."""
    model, vocabulary = load(options.checkpoint)
    for text, found in zip(
        options.text, search.translate(model, vocabulary, options.text, options.beam_width), strict=True
    ):
        print(text, *found, sep="\n  ")


def export(options: argparse.Namespace) -> None:
    """Write the ONNX files, the vocabulary and the manifest."""
    exporting.export(options.checkpoint, options.plain, options.models)
