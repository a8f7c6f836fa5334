/** What every measurement is made of. */

/**
 * @param {readonly number[]} values at least one
 * @param {number} fraction e.g. 0.95
 * @returns {number} the quantile, interpolated between the two nearest values
 */
export function quantile(values, fraction) {
  if (values.length === 0) throw new RangeError("Nothing was measured.");
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} values at least one */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Does the same thing one time after the other.
 *
 * @template Result
 * @param {number} times
 * @param {(index: number) => Result | Promise<Result>} body
 * @param {AbortSignal} signal checked before each time
 * @returns {Promise<Result[]>}
 */
export async function repeat(times, body, signal) {
  const results = [];
  for (let index = 0; index < times; index += 1) {
    signal.throwIfAborted();
    results.push(await body(index));
  }
  return results;
}

/**
 * @param {() => unknown} body
 * @returns {Promise<number>} how long it takes, in milliseconds
 */
export async function time(body) {
  const start = performance.now();
  await body();
  return performance.now() - start;
}
