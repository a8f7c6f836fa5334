export interface Answer {
  /** In its one canonical spelling: "2", not "two". */
  readonly text: string;
  /** Calibrated: of the answers given with 0.6, about 60 of 100 are right. */
  readonly probability: number;
}

/**
 * The most probable answers, best first.
 *
 * @param probabilities - one for each answer, sum 1
 * @param answers - their texts
 */
export function bestAnswers(probabilities: Float32Array, answers: readonly string[], count: number): Answer[] {
  return Array.from(probabilities.keys())
    .sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b)
    .slice(0, count)
    .map((index) => ({
      text: answers[index] as string,
      // Six decimals are what float32 holds of a softmax.
      probability: Math.round((probabilities[index] as number) * 1e6) / 1e6,
    }));
}
