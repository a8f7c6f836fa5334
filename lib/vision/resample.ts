/**
 * Squashes a picture to a square with the arithmetic of libvips, which the server uses, so that both sides see the same
 * pixels: first rows, then columns; along each, an integer box shrink down to between two and four times the target, then
 * a stretched Lanczos-3 kernel (`vips_reduce` with its default gap of 2) with weights in fixed point, at 64 phases a
 * pixel, rounded to whole bytes after each step. An axis that has to grow takes Catmull-Rom interpolation instead, which
 * comes near to libvips' `vips_affine`.
 */
import { SIDE } from "./pixels";

/** Weights are whole multiples of this fraction (`VIPS_INTERPOLATE_SHIFT`). */
const WEIGHT_BITS = 12;
const HALF = 1 << (WEIGHT_BITS - 1);
/** Positions within a pixel at which the kernel is sampled (`VIPS_TRANSFORM_SCALE`). */
const PHASES = 64;
/** Precision of the division by a box's pixels, which libvips does by multiplying with a reciprocal that is rounded down. */
const RECIPROCAL = 2 ** 24;

/** Source pixels and their weights, for one target pixel. */
interface Tap {
  /** First source pixel; it may lie outside: the outermost pixel repeats beyond the border. */
  readonly start: number;
  readonly weights: Int32Array;
}

/** How one axis is resampled: first by boxes, then with `taps`, one for each of the target's pixels. */
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
  const planTap = scale < 1 ? growingTap : shrinkingTap;
  return { box, boxed, taps: Array.from({ length: SIDE }, (_, target) => planTap(target, scale / box)) };
}

function shrinkingTap(target: number, shrink: number): Tap {
  if (shrink === 1) return { start: target, weights: Int32Array.of(1 << WEIGHT_BITS) };
  const points = 2 * Math.round(3 * shrink) + 1;
  const position = (target + 0.5) * shrink;
  const whole = Math.floor(position);
  const phase = Math.floor((position - whole) * PHASES + 0.5) / PHASES;
  const centre = phase + points / 2 - 1;
  const kernel = Array.from({ length: points }, (_, point) => lanczos3((point - centre) / shrink));
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return {
    start: whole - Math.ceil(points / 2) + 1,
    weights: Int32Array.from(kernel, (weight) => Math.trunc((weight / sum) * (1 << WEIGHT_BITS))),
  };
}

function growingTap(target: number, scale: number): Tap {
  // libvips measures from the target pixel's corner here.
  const position = target * scale - 0.5;
  const whole = Math.floor(position);
  const kernel = [-1, 0, 1, 2].map((point) => catmullRom(point - (position - whole)));
  return { start: whole - 1, weights: Int32Array.from(kernel, (weight) => Math.round(weight * (1 << WEIGHT_BITS))) };
}

/**
 * Shrinks a band of the picture's rows by the vertical boxes.
 *
 * @param band - RGBA bytes of whole rows, opaque; a multiple of `vertical.box` rows, except for the picture's last band
 * @param width - of the picture, in pixels
 * @param target - [vertical.boxed, width, 3], filled from `firstRow`
 * @param firstRow - of `target`
 */
export function shrinkBand(
  band: Uint8ClampedArray,
  width: number,
  vertical: Axis,
  target: Uint8Array,
  firstRow: number,
): void {
  const rows = band.length / (4 * width);
  const round = divider(vertical.box);
  let at = firstRow * width * 3;
  for (let top = 0; top < rows; top += vertical.box) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let y = top; y < top + vertical.box; y++) {
          sum += band[(Math.min(y, rows - 1) * width + x) * 4 + channel] as number;
        }
        target[at++] = round(sum);
      }
    }
  }
}

/**
 * Takes the picture, shrunk by the vertical boxes, to the square.
 *
 * @param shrunk - [vertical.boxed, width, 3]
 * @param width - of the picture, in pixels
 * @returns [3, 224, 224], 0 to 1
 */
export function reduceToSquare(
  shrunk: Uint8Array,
  width: number,
  horizontal: Axis,
  vertical: Axis,
): Float32Array<ArrayBuffer> {
  const area = SIDE * SIDE;
  const square = new Float32Array(3 * area);
  const row = new Uint8Array(width * 3);
  const boxed = new Uint8Array(horizontal.boxed * 3);
  vertical.taps.forEach((tap, y) => {
    reduceRows(shrunk, tap, row);
    shrinkRow(row, horizontal.box, boxed);
    horizontal.taps.forEach(({ start, weights }, x) => {
      for (let channel = 0; channel < 3; channel++) {
        let sum = HALF;
        for (let point = 0; point < weights.length; point++) {
          const source = clamp(start + point, horizontal.boxed);
          sum += (weights[point] as number) * (boxed[source * 3 + channel] as number);
        }
        square[channel * area + y * SIDE + x] = toByte(sum) / 255;
      }
    });
  });
  return square;
}

/** One row of the target's height from the rows that its tap covers. */
function reduceRows(shrunk: Uint8Array, { start, weights }: Tap, row: Uint8Array): void {
  const rows = shrunk.length / row.length;
  const sums = new Int32Array(row.length).fill(HALF);
  weights.forEach((weight, point) => {
    const source = clamp(start + point, rows) * row.length;
    for (let at = 0; at < row.length; at++) sums[at] = (sums[at] as number) + weight * (shrunk[source + at] as number);
  });
  for (let at = 0; at < row.length; at++) row[at] = toByte(sums[at] as number);
}

function shrinkRow(row: Uint8Array, box: number, target: Uint8Array): void {
  const width = row.length / 3;
  const round = divider(box);
  for (let at = 0; at < target.length; at++) {
    const channel = at % 3;
    const left = ((at - channel) / 3) * box;
    let sum = 0;
    for (let x = left; x < left + box; x++) sum += row[clamp(x, width) * 3 + channel] as number;
    target[at] = round(sum);
  }
}

/** Divides a box's sum by its pixels. */
function divider(box: number): (sum: number) => number {
  const half = box >> 1;
  const reciprocal = Math.floor(RECIPROCAL / box);
  return (sum) => Math.floor(((sum + half) * reciprocal) / RECIPROCAL);
}

/** The kernels overshoot at edges. */
function toByte(sum: number): number {
  return Math.min(Math.max(sum >> WEIGHT_BITS, 0), 255);
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
