export interface Answer {
  /** As the model's vocabulary spells it, which has one spelling for each answer. */
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
  const best: number[] = [];
  probabilities.forEach((probability, index) => {
    let place = best.length;
    while (place > 0 && (probabilities[best[place - 1] as number] as number) < probability) place -= 1;
    if (place === count) return;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  });
  return best.map((index) => ({
    text: answers[index] as string,
    // Six decimals are what float32 holds of a softmax.
    probability: Math.round((probabilities[index] as number) * 1e6) / 1e6,
  }));
}
