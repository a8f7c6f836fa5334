/**
 * From the ink of a visitor, of any scale, to what the models were trained on: the x-height as the unit, the line levelled, smoothed,
 * and points at a constant distance along the pen's way. The rules are those of `training/data/ink_geometry.py` and
 * `ink_cleaning.py`.
 */
import type { Prime } from "./types";

/** One stroke: x and y by turns. */
export type Path = Float64Array;

/** Where a line of writing lies, in the unit of its points; y grows downwards. */
export interface Frame {
  readonly xHeight: number;
  readonly baseline: number;
  readonly slope: number;
}

/** Distance of points along the pen's way, in x-heights: the models' step. */
export const STEP = 0.2;
/** Most points that are followed: the longest line in training has as many. */
export const MAX_POINTS = 1400;
/** Standard deviation of the smoothing, in x-heights. */
const SMOOTHING = 0.08;
/** White that is wider than the first, in x-heights, is closed to the second: between words, and in a text of one word. */
const SPACE = [2.5, 2.5] as const;
const LETTER_GAP = [0.9, 0.45] as const;

const TALL = /[A-Z0-9bdfhklt!?()[\]{}|/\\%&$#@"'`^]/;
const DEEP = /[gjpqyQ,;()[\]{}|/\\$@_]/;
const SMALL = /[acemnorsuvwxz]/;
/** Of letters above the baseline, in x-heights, and below it. */
const TALL_HEIGHT = 1.9;
const DEPTH = 0.8;
/** Points at most in which the ink is looked at to find its frame: a scribble can be long. */
const MAX_DENSE_POINTS = 6000;

/** The strokes as paths whose larger side is 1,000, so that no scale is too small or too large for what follows. */
export function toPaths({ strokes }: Pick<Prime, "strokes">): Path[] {
  const points = strokes.flat();
  const [left, right] = extent(points.map(([x]) => x));
  const [top, bottom] = extent(points.map(([, y]) => y));
  const scale = 1000 / (Math.max(right - left, bottom - top) || 1000);
  return strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) => Float64Array.from(stroke.flatMap(([x, y]) => [(x - left) * scale, (y - top) * scale])));
}

/**
 * Points at a constant distance along a stroke, which begins and ends where it did. The step is stretched so that a whole number
 * of them fits; a stroke shorter than half a step becomes one point.
 *
 * @param smoothing - standard deviation of a Gaussian along the stroke, in the unit of `step`; 0 for none
 */
export function resample(stroke: Path, step: number, smoothing = 0): Path {
  const kept = withoutRepeats(stroke);
  let along = lengthsAlong(kept);
  let total = along.at(-1) as number;
  if (total < step / 2) return Float64Array.of(mean(kept, 0), mean(kept, 1));
  let curve = kept;
  if (smoothing > 0) {
    const count = Math.max(3, Math.round((4 * total) / step) + 1);
    curve = smooth(interpolate(kept, along, count), smoothing / (total / (count - 1)));
    along = lengthsAlong(curve);
    total = along.at(-1) as number;
  }
  return interpolate(curve, along, Math.max(1, Math.round(total / step)) + 1);
}

/**
 * Estimates x-height, baseline and slope from where the pen turns, with what the text lets one expect: tops of lower-case letters
 * without ascender and bottoms of letters without descender are the most frequent turns.
 */
export function findFrame(paths: readonly Path[], text: string): Frame {
  const xs = paths.flatMap((path) => column(path, 0));
  const ys = paths.flatMap((path) => column(path, 1));
  const [left, right] = extent(xs);
  const size = Math.max(quantile(ys, 0.98) - quantile(ys, 0.02), 1e-3 * (right - left), 1e-6);
  const length = paths.reduce((sum, path) => sum + (lengthsAlong(path).at(-1) as number), 0);
  const dense = paths.map((path) => resample(path, Math.max(size / 30, length / MAX_DENSE_POINTS)));
  const slope = text.length >= 6 ? findSlope(turns(dense).bottoms, size) : 0;
  const level = dense.map((path) =>
    path.map((value, index) => (index % 2 ? value - slope * (path[index - 1] as number) : value)),
  );
  const heights = level.flatMap((path) => column(path, 1));
  const high = quantile(heights, 0.99);
  const above = TALL.test(text) ? TALL_HEIGHT : 1;
  const below = DEEP.test(text) ? DEPTH : 0;
  let expected = Math.max(high - quantile(heights, 0.01), 1e-6) / (above + below);
  const { tops, bottoms } = turns(level);
  const bottomYs = bottoms.map(([, y]) => y);
  const baseline = mode(bottomYs, 0.12 * expected, high - below * expected, 0.4 * expected);
  if (SMALL.test(text)) {
    const ratios = tops.map(([, y]) => (baseline - y) / expected).filter((ratio) => ratio > 0.3);
    expected *= Math.exp(mode(ratios.map(Math.log), 0.1, 0, 0.3));
  }
  return { xHeight: expected, baseline, slope };
}

export interface NormalisedInk {
  /** float32 [n, 3] in steps: the first offset leads from the left edge on the baseline; lifts at the ends of strokes. */
  readonly offsets: Float32Array;
  /** Whether there was more ink than a line has. */
  readonly isCut: boolean;
}

/**
 * Offsets as the models know them, at most `MAX_POINTS`.
 *
 * @param text - what the ink says, as far as it is known: whether there is white between words
 */
export function toOffsets(paths: readonly Path[], { xHeight, baseline, slope }: Frame, text: string): NormalisedInk {
  const left = Math.min(...paths.map((path) => extent(column(path, 0))[0]));
  const placed = paths.map((path) =>
    path.map((value, index) =>
      index % 2 ? (value - slope * (path[index - 1] as number) - baseline) / xHeight : (value - left) / xHeight,
    ),
  );
  const offsets: number[] = [];
  let isCut = false;
  let [x, y] = [0, 0];
  for (const path of closeGaps(placed, text.includes(" ") ? SPACE : LETTER_GAP)) {
    const room = MAX_POINTS - offsets.length / 3;
    // Cut before it is resampled: a scribble of a thousand metres would fill the memory.
    const short = cut(path, (room - 1) * STEP);
    if (room < 1 || short.length === 0) {
      isCut = true;
      break;
    }
    isCut ||= short.length < path.length;
    const points = resample(short, STEP, SMOOTHING).subarray(0, 2 * room);
    for (let index = 0; index < points.length; index += 2) {
      const [nextX, nextY] = [points[index] as number, points[index + 1] as number];
      offsets.push((nextX - x) / STEP, (nextY - y) / STEP, index === points.length - 2 ? 1 : 0);
      [x, y] = [nextX, nextY];
    }
    if (isCut) break;
  }
  return { offsets: Float32Array.from(offsets), isCut };
}

function closeGaps(paths: readonly Path[], [widest, closed]: readonly [number, number]): Path[] {
  let right = Number.NEGATIVE_INFINITY;
  let shift = 0;
  const lefts = paths.map((path) => extent(column(path, 0))[0]);
  // The left edge of a stroke and all after it: a dot that is set later lies in no gap.
  for (let index = lefts.length - 2; index >= 0; index -= 1) {
    lefts[index] = Math.min(lefts[index] as number, lefts[index + 1] as number);
  }
  return paths.map((path, index) => {
    const white = (lefts[index] as number) - right;
    if (index > 0 && white > widest) shift += white - closed;
    right = Math.max(right, extent(column(path, 0))[1]);
    return path.map((value, place) => (place % 2 ? value : value - shift));
  });
}

/** The beginning of a stroke, at most so long. */
function cut(stroke: Path, length: number): Path {
  const along = lengthsAlong(stroke);
  const end = along.findIndex((distance) => distance > length);
  return end < 0 ? stroke : stroke.subarray(0, 2 * end);
}

function withoutRepeats(stroke: Path): Path {
  const kept: number[] = [];
  for (let index = 0; index < stroke.length; index += 2) {
    const [x, y] = [stroke[index] as number, stroke[index + 1] as number];
    if (kept.length === 0 || kept.at(-2) !== x || kept.at(-1) !== y) kept.push(x, y);
  }
  return Float64Array.from(kept);
}

/** The way from the beginning to each point. */
function lengthsAlong(stroke: Path): Float64Array {
  const along = new Float64Array(stroke.length / 2);
  for (let point = 1; point < along.length; point += 1) {
    const dx = (stroke[2 * point] as number) - (stroke[2 * point - 2] as number);
    const dy = (stroke[2 * point + 1] as number) - (stroke[2 * point - 1] as number);
    along[point] = (along[point - 1] as number) + Math.hypot(dx, dy);
  }
  return along;
}

/** Points at equal distances from the beginning of a stroke to its end. */
function interpolate(stroke: Path, along: Float64Array, count: number): Path {
  const points = new Float64Array(2 * count);
  const total = along.at(-1) as number;
  let segment = 0;
  for (let point = 0; point < count; point += 1) {
    const place = (total * point) / (count - 1);
    while (segment < along.length - 2 && (along[segment + 1] as number) < place) segment += 1;
    const from = along[segment] as number;
    const share = Math.min(1, (place - from) / ((along[segment + 1] as number) - from || 1));
    for (const axis of [0, 1]) {
      const [a, b] = [stroke[2 * segment + axis] as number, stroke[2 * segment + 2 + axis] as number];
      points[2 * point + axis] = a + share * (b - a);
    }
  }
  return points;
}

/** Gaussian smoothing; the curve is mirrored through its end points, so that these stay where they are. */
function smooth(curve: Path, sigma: number): Path {
  const count = curve.length / 2;
  const reach = Math.min(Math.ceil(3 * sigma), count - 1);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-0.5 * ((index - reach) / sigma) ** 2));
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const at = (point: number, axis: number): number => {
    if (point < 0) return 2 * (curve[axis] as number) - (curve[-2 * point + axis] as number);
    const last = count - 1;
    if (point > last) return 2 * (curve[2 * last + axis] as number) - (curve[2 * (2 * last - point) + axis] as number);
    return curve[2 * point + axis] as number;
  };
  return curve.map((_, place) => {
    const [point, axis] = [place >> 1, place % 2];
    return kernel.reduce((total, weight, index) => total + weight * at(point + index - reach, axis), 0) / sum;
  });
}

type XY = readonly [x: number, y: number];

/** The highest and the lowest points of every up and down of the pen. */
function turns(strokes: readonly Path[]): { tops: XY[]; bottoms: XY[] } {
  const tops: XY[] = [];
  const bottoms: XY[] = [];
  for (const stroke of strokes) {
    const count = stroke.length / 2;
    if (count < 3) continue;
    const direction = (point: number) =>
      Math.sign((stroke[2 * point + 3] as number) - (stroke[2 * point + 1] as number));
    for (let point = 0; point < count; point += 1) {
      const behind = point === 0 ? -direction(0) : direction(point - 1);
      const ahead = point === count - 1 ? -direction(count - 2) : direction(point);
      const here: XY = [stroke[2 * point] as number, stroke[2 * point + 1] as number];
      if (behind < 0 && ahead >= 0) tops.push(here);
      if (behind > 0 && ahead <= 0) bottoms.push(here);
    }
  }
  return { tops, bottoms };
}

/** The slope of the line on which the bottoms stand: least squares, thrice without what lies off it. */
function findSlope(bottoms: readonly XY[], size: number): number {
  let kept = bottoms;
  let slope = 0;
  for (let round = 0; round < 4; round += 1) {
    const [left, right] = extent(kept.map(([x]) => x));
    if (kept.length < 6 || right - left < 4 * size) break;
    const meanX = average(kept.map(([x]) => x));
    const meanY = average(kept.map(([, y]) => y));
    slope = average(kept.map(([x, y]) => (x - meanX) * (y - meanY))) / average(kept.map(([x]) => (x - meanX) ** 2));
    const distances = bottoms.map(([x, y]) => Math.abs(y - meanY - slope * (x - meanX)));
    const limit = Math.max(0.15 * size, quantile(distances, 0.5));
    kept = bottoms.filter((_, index) => (distances[index] as number) < limit);
  }
  return Math.min(0.3, Math.max(-0.3, slope));
}

/** The most frequent value where a Gaussian prior around `expected` allows it; `expected` without values. */
function mode(values: readonly number[], bandwidth: number, expected: number, spread: number): number {
  if (values.length === 0) return expected;
  let [best, most] = [expected, Number.NEGATIVE_INFINITY];
  for (let index = 0; index <= 100; index += 1) {
    const place = expected + spread * (index / 20 - 2.5);
    const density = values.reduce((sum, value) => sum + Math.exp(-0.5 * ((place - value) / bandwidth) ** 2), 1e-3);
    const score = Math.log(density) - 0.5 * ((place - expected) / spread) ** 2;
    if (score > most) [best, most] = [place, score];
  }
  return best;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] as number) - below);
}

function extent(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function column(path: Path, axis: 0 | 1): number[] {
  return Array.from({ length: path.length / 2 }, (_, point) => path[2 * point + axis] as number);
}

function mean(path: Path, axis: 0 | 1): number {
  return average(column(path, axis));
}
