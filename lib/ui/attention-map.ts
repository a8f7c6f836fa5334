/** Turns attention over a grid of regions into something to look at. */

/** Regions on each side of the vision encoder's grid. */
const GRID = 7;
/** Standard deviation of the blur, in regions: wide enough to hide the grid, narrow enough to keep two regions apart. */
const BLUR = 0.62;

/** Opacity of the ink over what the model passes by, and of the accent over what it looks at. */
const VEIL = 0.8;
const GLOW = 0.34;

export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Spreads the weights of a 7×7 grid over a square of `size` × `size` pixels with a Gaussian, and scales them so that the
 * strongest pixel is 1. Even attention gives 1 everywhere: nothing stands out.
 *
 * @param weights - [49], row by row, not negative
 */
export function attentionField(weights: ArrayLike<number>, size: number): Float32Array {
  // The Gaussian is separable: along the rows first, then along the columns.
  const kernel = Float32Array.from({ length: size * GRID }, (_, index) => {
    const distance = ((Math.floor(index / GRID) + 0.5) * GRID) / size - ((index % GRID) + 0.5);
    return Math.exp(-(distance ** 2) / (2 * BLUR ** 2));
  });
  // At the border part of the Gaussian falls outside: dividing by what is left keeps even attention even.
  for (let pixel = 0; pixel < size; pixel++) {
    const row = kernel.subarray(pixel * GRID, (pixel + 1) * GRID);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, index) => {
      row[index] = value / total;
    });
  }
  const field = new Float32Array(size * size);
  for (let region = 0; region < GRID * GRID; region++) {
    const weight = weights[region] ?? 0;
    if (weight === 0) continue;
    const row = Math.floor(region / GRID);
    const column = region % GRID;
    for (let y = 0; y < size; y++) {
      const vertical = weight * (kernel[y * GRID + row] as number);
      for (let x = 0; x < size; x++) {
        field[y * size + x] = (field[y * size + x] as number) + vertical * (kernel[x * GRID + column] as number);
      }
    }
  }
  const strongest = field.reduce((most, value) => Math.max(most, value), 0);
  return strongest === 0 ? field : field.map((value) => value / strongest);
}

/**
 * Paints a field as a layer to put over the photo: ink where the model did not look, a breath of the accent where it did.
 *
 * @param field - values 0 to 1, as `attentionField` gives them
 * @param opacity - of the whole layer, 0 to 1
 * @returns RGBA, four bytes a value of the field, not premultiplied
 */
export function paintAttention(
  field: ArrayLike<number>,
  opacity: number,
  ink: Colour,
  accent: Colour,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(field.length * 4);
  for (let index = 0; index < field.length; index++) {
    const strength = field[index] as number;
    const veil = opacity * VEIL * (1 - strength);
    const glow = opacity * GLOW * strength;
    const alpha = glow + veil * (1 - glow);
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const mixed = (accent[channel] as number) * glow + (ink[channel] as number) * veil * (1 - glow);
      pixels[index * 4 + channel] = mixed / alpha;
    }
    pixels[index * 4 + 3] = alpha * 255;
  }
  return pixels;
}

/**
 * Says in words where most of the attention lies, for those who do not see the layer.
 *
 * @param weights - [49], row by row, sum 1
 * @returns e.g. "the upper left", "the middle", or "the whole photo" where nothing stands out
 */
export function describeAttention(weights: readonly number[]): string {
  const strongest = Math.max(...weights);
  if (strongest < 2 / weights.length) return "the whole photo";
  let across = 0;
  let down = 0;
  let total = 0;
  weights.forEach((weight, region) => {
    // Only what stands out: the even rest would pull every answer to the middle.
    if (weight < strongest / 2) return;
    across += weight * (region % GRID);
    down += weight * Math.floor(region / GRID);
    total += weight;
  });
  const vertical = third(down / total, "upper", "lower");
  const horizontal = third(across / total, "left", "right");
  if (!vertical && !horizontal) return "the middle";
  if (vertical && horizontal) return `the ${vertical} ${horizontal}`;
  return vertical ? `the ${vertical} part` : `the ${horizontal} side`;
}

function third(position: number, first: string, last: string): string | undefined {
  const share = (position + 0.5) / GRID;
  if (share < 0.38) return first;
  return share > 0.62 ? last : undefined;
}
