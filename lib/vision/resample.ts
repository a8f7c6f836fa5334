/**
 * Squashes a picture to a square as libvips does on the server, so that both sides see nearly the same pixels: an integer
 * box shrink down to between two and three times the target, then a stretched Lanczos-3 kernel
 * (libvips' `vips_reduce` with its default gap of 2); an axis that has to grow takes Catmull-Rom interpolation instead.
 */
import { SIDE } from "./pixels";

/** A source pixel range and its weights, for one target pixel. */
interface Tap {
  readonly start: number;
  /** Sum 1. */
  readonly weights: Float32Array;
}

/** How one axis shrinks: first by an integer box, then with `taps`, one for each of the target's pixels. */
export interface Axis {
  /** Source pixels to a box, at least 1. */
  readonly box: number;
  /** Length of the axis after the box shrink. */
  readonly boxed: number;
  readonly taps: readonly Tap[];
}

/**
 * Plans one axis.
 *
 * @param length - of the source, in pixels
 */
export function planAxis(length: number): Axis {
  const scale = length / SIDE;
  const box = Math.max(1, Math.floor(scale / 2));
  const boxed = Math.ceil(length / box);
  const residual = scale / box;
  const kernel = scale > 1 ? lanczos3 : catmullRom;
  const stretch = Math.max(1, residual);
  const support = (scale > 1 ? 3 : 2) * stretch;
  const taps = Array.from({ length: SIDE }, (_, target) => {
    // libvips measures a growing axis from the target pixel's corner. (It then also moves the other axis by half a pixel if
    // that one shrinks, which is left out here: it takes a picture with one side above 224 and the other below.)
    const centre = (target + (scale < 1 ? 0 : 0.5)) * residual - 0.5;
    const first = Math.ceil(centre - support);
    const last = Math.floor(centre + support);
    // Beyond the border the outermost pixel repeats: its weights gather on that pixel.
    const start = clamp(first, boxed);
    const weights = new Float32Array(clamp(last, boxed) - start + 1);
    let sum = 0;
    for (let source = first; source <= last; source++) sum += kernel((source - centre) / stretch);
    for (let source = first; source <= last; source++) {
      const at = clamp(source, boxed) - start;
      weights[at] = (weights[at] as number) + kernel((source - centre) / stretch) / sum;
    }
    return { start, weights };
  });
  return { box, boxed, taps };
}

/**
 * Adds a band of the picture's rows to the box-shrunk picture.
 *
 * @param band - RGBA bytes of whole rows, opaque; a multiple of `vertical.box` rows, except for the picture's last band
 * @param width - of the picture, in pixels
 * @param target - [vertical.boxed, horizontal.boxed, 3], 0 to 255, filled from `firstRow`
 * @param firstRow - of `target`
 */
export function shrinkBand(
  band: Uint8ClampedArray,
  width: number,
  horizontal: Axis,
  vertical: Axis,
  target: Float32Array,
  firstRow: number,
): void {
  const rows = band.length / (4 * width);
  for (let top = 0; top < rows; top += vertical.box) {
    const boxRows = Math.min(vertical.box, rows - top);
    for (let column = 0; column < horizontal.boxed; column++) {
      const left = column * horizontal.box;
      const boxColumns = Math.min(horizontal.box, width - left);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = top; y < top + boxRows; y++) {
        const end = (y * width + left + boxColumns) * 4;
        for (let at = (y * width + left) * 4; at < end; at += 4) {
          red += band[at] as number;
          green += band[at + 1] as number;
          blue += band[at + 2] as number;
        }
      }
      const area = boxRows * boxColumns;
      const at = ((firstRow + top / vertical.box) * horizontal.boxed + column) * 3;
      target[at] = red / area;
      target[at + 1] = green / area;
      target[at + 2] = blue / area;
    }
  }
}

/**
 * Takes the box-shrunk picture to the square, columns first, rounding to whole bytes after each direction as libvips does.
 *
 * @param shrunk - [vertical.boxed, horizontal.boxed, 3], 0 to 255
 * @returns [3, 224, 224], 0 to 1
 */
export function reduceToSquare(shrunk: Float32Array, horizontal: Axis, vertical: Axis): Float32Array<ArrayBuffer> {
  const rowLength = horizontal.boxed * 3;
  const columns = new Uint8ClampedArray(SIDE * rowLength);
  const sums = new Float32Array(rowLength);
  vertical.taps.forEach(({ start, weights }, y) => {
    sums.fill(0);
    weights.forEach((weight, index) => {
      const source = (start + index) * rowLength;
      for (let at = 0; at < rowLength; at++) {
        sums[at] = (sums[at] as number) + weight * (shrunk[source + at] as number);
      }
    });
    // Uint8ClampedArray rounds and clamps: the kernel overshoots at edges.
    columns.set(sums, y * rowLength);
  });

  const area = SIDE * SIDE;
  const square = new Uint8ClampedArray(3 * area);
  for (let y = 0; y < SIDE; y++) {
    horizontal.taps.forEach(({ start, weights }, x) => {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = y * rowLength + start * 3;
      for (const weight of weights) {
        red += weight * (columns[at] as number);
        green += weight * (columns[at + 1] as number);
        blue += weight * (columns[at + 2] as number);
        at += 3;
      }
      const pixel = y * SIDE + x;
      square[pixel] = red;
      square[area + pixel] = green;
      square[2 * area + pixel] = blue;
    });
  }
  return Float32Array.from(square, (value) => value / 255);
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

function lanczos3(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const angle = Math.PI * x;
  return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}

/** Cubic convolution with a = −0.5 (Keys 1981). */
function catmullRom(x: number): number {
  const distance = Math.abs(x);
  if (distance >= 2) return 0;
  if (distance >= 1) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
  return (1.5 * distance - 2.5) * distance * distance + 1;
}
