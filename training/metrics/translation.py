"""chrF (Popović 2015) and BLEU (Papineni et al. 2002) as sacrebleu computes them (Post 2018), over pairs with one reference each."""

from collections.abc import Sequence

from sacrebleu.metrics import BLEU, CHRF


def translation_scores(translations: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Corpus scores, 0 to 100."""
    return {
        "chrF": CHRF().corpus_score(list(translations), [list(references)]).score,
        "BLEU": BLEU().corpus_score(list(translations), [list(references)]).score,
    }
