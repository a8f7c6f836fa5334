/**
 * Attention over the regions to six decimals, which is what float32 holds and a third of its JSON. The largest weight takes
 * up the rounding, so that the sum stays 1.
 *
 * @param weights - one for each region, sum 1
 */
export function roundWeights(weights: Float32Array): number[] {
  const units = Array.from(weights, (weight) => Math.round(weight * 1e6));
  const largest = units.indexOf(Math.max(...units));
  units[largest] = (units[largest] as number) + 1e6 - units.reduce((sum, unit) => sum + unit, 0);
  return units.map((unit) => unit / 1e6);
}
