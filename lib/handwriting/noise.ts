/**
 * The noise of handwriting, from a counter-based generator: a point's numbers follow from where it stands alone, never from what
 * was drawn before or beside it.
 */
import { philox, uniform } from "@/lib/inference/philox";

/** Numbers that the sampling of a point takes. */
export const NOISE_PER_POINT = 4;

/** Where a point stands. */
export interface NoiseCounter {
  /** 0 to 2³² − 1. */
  readonly seed: number;
  /** The line's number in its text. */
  readonly line: number;
  /** How often the line was begun before: a line that is withdrawn is drawn again from other numbers. */
  readonly attempt: number;
  /** The point's number in its line. */
  readonly point: number;
}

/**
 * Fills in the numbers of consecutive points: a uniform one (which component of the mixture), two standard normal ones (where
 * in it, by Box–Muller) and a uniform one (whether the pen lifts).
 *
 * @param counter - of the first point
 * @param count - points
 * @param into - float32 [points, rows, 4]
 * @param offset - of the first point's numbers in `into`
 * @param stride - from one point's numbers to the next one's
 */
export function fillNoise(
  { seed, line, attempt, point }: NoiseCounter,
  count: number,
  into: Float32Array,
  offset = 0,
  stride = NOISE_PER_POINT,
): void {
  for (let index = 0; index < count; index += 1) {
    const [component, radius, angle, lift] = philox([point + index, line, attempt, 0], [seed, 0]);
    const place = offset + index * stride;
    const distance = Math.sqrt(-2 * Math.log(uniform(radius)));
    const turn = 2 * Math.PI * uniform(angle);
    into[place] = uniform(component);
    into[place + 1] = distance * Math.cos(turn);
    into[place + 2] = distance * Math.sin(turn);
    into[place + 3] = uniform(lift);
  }
}
