/**
 * Softmax of log-probabilities: how probable each caption is if one of these is the right one.
 *
 * @param logProbabilities - natural logarithms
 */
export function probabilitiesAmong(logProbabilities: readonly number[]): number[] {
  const most = Math.max(...logProbabilities);
  const weights = logProbabilities.map((value) => Math.exp(value - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
