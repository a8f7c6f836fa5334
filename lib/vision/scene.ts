/** Whether a live picture still shows what it showed: far cheaper than looking at it with the encoder. */
import { SIDE } from "./pixels";

/** Cells on each side of the grid: each the mean of 16×16 pixels, in which a camera's noise is lost. */
const GRID = 14;
const CELL = SIDE / GRID;

/**
 * Root mean square of the cells' differences from which on a picture counts as another one, in steps of luminance (0 to 255).
 * Noise of a camera stays below one; what passes through a tenth of the picture is above.
 */
export const CHANGED = 3;

/** Mean luminance of each cell of a grid over the picture, row by row: [196]. */
export type Luminance = Uint8Array<ArrayBuffer>;

/**
 * @param rgba - [224, 224, 4]
 */
export function luminanceOf(rgba: Uint8ClampedArray): Luminance {
  const sums = new Float32Array(GRID * GRID);
  for (let y = 0, at = 0; y < SIDE; y++) {
    const row = Math.floor(y / CELL) * GRID;
    for (let x = 0; x < SIDE; x++, at += 4) {
      const cell = row + Math.floor(x / CELL);
      // ITU-R BT.709.
      const luminance =
        0.2126 * (rgba[at] as number) + 0.7152 * (rgba[at + 1] as number) + 0.0722 * (rgba[at + 2] as number);
      sums[cell] = (sums[cell] as number) + luminance;
    }
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / CELL ** 2));
}

/** Root mean square of the cells' differences, 0 to 255. */
export function difference(a: Luminance, b: Luminance): number {
  let sum = 0;
  for (let cell = 0; cell < a.length; cell++) sum += ((a[cell] as number) - (b[cell] as number)) ** 2;
  return Math.sqrt(sum / a.length);
}
