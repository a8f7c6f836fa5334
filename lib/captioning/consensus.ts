/** How many photos of the training data have a phrase in their captions. */
export interface DocumentFrequencies {
  /** Photos in all. */
  readonly documents: number;
  /** By phrase: 1 to 4 token ids with a space between. Rare ones are left out. */
  readonly phrases: ReadonlyMap<string, number>;
}

const LONGEST_PHRASE = 4;
/** Words by which two captions' lengths may differ before that counts much (CIDEr-D's sigma). */
const LENGTH_SIGMA = 6;

/** A caption as vectors of tf-idf weights, one for each phrase length. */
interface Vectors {
  readonly length: number;
  readonly weights: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
}

/**
 * How much each candidate agrees with the samples: its mean CIDEr-D (Vedantam et al. 2015, section 4) with them as references,
 * 0 to 10. Choosing the highest minimises the expected loss under the model's own distribution (minimum Bayes risk, Kumar and
 * Byrne 2004): the caption that says what most samples say, where a beam search prefers the safest.
 *
 * @param candidates - token ids with the end token, so that a caption that stops in mid-phrase agrees less
 * @param samples - the same, as `sampleCaptions` gives them
 */
export function agreement(
  candidates: readonly (readonly number[])[],
  samples: readonly (readonly number[])[],
  frequencies: DocumentFrequencies,
): number[] {
  const references = samples.map((sample) => vectorsOf(sample, frequencies));
  return candidates.map((candidate) => {
    const vectors = vectorsOf(candidate, frequencies);
    return references.reduce((sum, reference) => sum + ciderD(vectors, reference), 0) / references.length;
  });
}

function vectorsOf(tokens: readonly number[], { documents, phrases }: DocumentFrequencies): Vectors {
  const weights: Map<string, number>[] = [];
  for (let size = 1; size <= LONGEST_PHRASE; size++) {
    const counts = new Map<string, number>();
    for (let from = 0; from + size <= tokens.length; from++) {
      const phrase = tokens.slice(from, from + size).join(" ");
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
    for (const [phrase, count] of counts) counts.set(phrase, count * Math.log(documents / (phrases.get(phrase) ?? 1)));
    weights.push(counts);
  }
  return {
    length: tokens.length,
    weights,
    norms: weights.map((vector) => Math.hypot(...vector.values())),
  };
}

function ciderD(candidate: Vectors, reference: Vectors): number {
  let cosines = 0;
  candidate.weights.forEach((vector, index) => {
    const norms = (candidate.norms[index] as number) * (reference.norms[index] as number);
    if (norms === 0) return;
    let dot = 0;
    for (const [phrase, weight] of vector) {
      const other = reference.weights[index]?.get(phrase);
      if (other !== undefined) dot += Math.min(weight, other) * other;
    }
    cosines += dot / norms;
  });
  const difference = candidate.length - reference.length;
  return 10 * (cosines / LONGEST_PHRASE) * Math.exp(-(difference ** 2) / (2 * LENGTH_SIGMA ** 2));
}
