/**
 * Which of several translations the others agree with most: minimum Bayes risk decoding (Kumar & Byrne 2004) over what a beam
 * search has found, with chrF as the gain. What one translation gets wrong, others seldom get wrong alike.
 */

/** Longest n-grams that are compared, and how much recall counts against precision: those of chrF2 (Popović 2015). */
const ORDERS = 6;
const BETA_SQUARED = 4;

/** Numbers that differ by less are rounding, which is not the same on every processor. */
const DIGITS = 4;

type Counts = ReadonlyMap<string, number>;

/**
 * How much each translation has in common with all of them, each weighted by the exponential of its score.
 *
 * @param found - with their scores as `Translation` has them
 * @returns for each 0 to 1, rounded to four digits; 1 where there is only one
 */
export function agreements(found: readonly { readonly text: string; readonly score: number }[]): number[] {
  const grams = found.map(({ text }) => countGrams(text));
  const weights = found.map(({ score }) => Math.exp(score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return grams.map((candidate) => {
    const gain = grams.reduce((sum, other, index) => sum + (weights[index] as number) * compare(candidate, other), 0);
    return Number((gain / total).toFixed(DIGITS));
  });
}

/**
 * chrF2 of a sentence as sacrebleu computes it (Post 2018): precision and recall are means over the orders that both texts have.
 *
 * @returns 0 to 1
 */
export function chrF(translation: string, reference: string): number {
  return compare(countGrams(translation), countGrams(reference));
}

/** For each order, how often each n-gram of characters is there; white space counts for nothing. */
function countGrams(text: string): Counts[] {
  const characters = Array.from(text.replace(/\s/gu, ""));
  return Array.from({ length: ORDERS }, (_, index) => {
    const counts = new Map<string, number>();
    for (let at = 0; at + index < characters.length; at++) {
      const gram = characters.slice(at, at + index + 1).join("");
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  });
}

function compare(translation: readonly Counts[], reference: readonly Counts[]): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (const [index, counts] of translation.entries()) {
    const others = reference[index] as Counts;
    if (counts.size === 0 || others.size === 0) break;
    let common = 0;
    for (const [gram, count] of counts) common += Math.min(count, others.get(gram) ?? 0);
    precision += common / sum(counts);
    recall += common / sum(others);
    orders++;
  }
  const weighted = BETA_SQUARED * precision + recall;
  return weighted === 0 ? 0 : ((1 + BETA_SQUARED) * precision * recall) / weighted / orders;
}

function sum(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
