/**
 * When the pen is where. Points come at constant arc length and say nothing of time, so that it is taken from a law of
 * human motion, the two-thirds power law: speed falls with curvature to the power of one third (Lacquaniti, Terzuolo &
 * Viviani 1983, "The law relating the kinematic and figural aspects of drawing movements").
 */
import type { Stroke } from "./types";

/** Speed where the curvature is 1, in twentieths of the x-height a millisecond: an "o" takes a quarter of a second. */
export const GAIN = 0.12;
/** Of a straight line, along which the law alone knows no limit: it is as quick as a bend of this radius. */
const LARGEST_RADIUS = 100;
/** Of a corner, at which the pen would stand still. */
const SMALLEST_RADIUS = 1;
/** Speed of the lifted pen, and what setting it down again costs, in milliseconds. */
const LIFTED_SPEED = 0.6;
const LIFT = 60;
/** What a dot takes, in milliseconds. */
const DOT = 60;

/** Strokes, and how the pen goes along them. All lists are by stroke and point. */
export interface PacedInk {
  readonly strokes: readonly Stroke[];
  /** Milliseconds since the pen was first set down; never decreasing. */
  readonly times: readonly Float64Array[];
  /** Twentieths of the x-height a millisecond. */
  readonly speeds: readonly Float64Array[];
  /** Milliseconds until the pen is lifted for the last time. */
  readonly duration: number;
}

/** Where the pen is: at the point of a stroke, or still above the first (-1). */
export interface PenPosition {
  readonly stroke: number;
  readonly point: number;
}

/** Before the first point. */
export const BEFORE_INK: PenPosition = { stroke: 0, point: -1 };

export const NO_INK: PacedInk = { strokes: [], times: [], speeds: [], duration: 0 };

/** Gives strokes their rhythm. Strokes without a point take no time. */
export function paceInk(strokes: readonly Stroke[]): PacedInk {
  const speeds = strokes.map(strokeSpeeds);
  const times: Float64Array[] = [];
  let now = 0;
  let lifted: readonly [number, number] | undefined;
  strokes.forEach((stroke, index) => {
    const [first] = stroke;
    const at = new Float64Array(stroke.length);
    times.push(at);
    if (!first) return;
    if (lifted) now += LIFT + Math.hypot(first[0] - lifted[0], first[1] - lifted[1]) / LIFTED_SPEED;
    at[0] = now;
    const speed = speeds[index] as Float64Array;
    for (let point = 1; point < stroke.length; point++) {
      const mean = ((speed[point - 1] as number) + (speed[point] as number)) / 2;
      now += distance(stroke, point - 1, point) / mean;
      at[point] = now;
    }
    if (stroke.length === 1) now += DOT;
    lifted = stroke.at(-1);
  });
  return { strokes, times, speeds, duration: now };
}

/** The last point that the pen has reached at a time, in milliseconds. */
export function penAt({ times }: PacedInk, time: number): PenPosition {
  let position = BEFORE_INK;
  // Strokes are few, points are many.
  for (let stroke = 0; stroke < times.length; stroke++) {
    const at = times[stroke] as Float64Array;
    if (at.length === 0) continue;
    if ((at[0] as number) > time) break;
    position = { stroke, point: lastAtOrBefore(at, time) };
  }
  return position;
}

/** Speed at each point of a stroke. */
function strokeSpeeds(stroke: Stroke): Float64Array {
  const { length } = stroke;
  const speeds = new Float64Array(length);
  for (let point = 0; point < length; point++) {
    // The ends have no curvature of their own.
    const inner = Math.min(Math.max(point, 1), length - 2);
    speeds[point] = GAIN * clampRadius(length < 3 ? SMALLEST_RADIUS : radiusAt(stroke, inner)) ** (1 / 3);
  }
  return smooth(speeds);
}

/** Radius of curvature: arc length over turning angle, which, unlike a circle through three points, knows cusps. */
function radiusAt(stroke: Stroke, point: number): number {
  const [ax, ay] = stroke[point - 1] as readonly [number, number];
  const [bx, by] = stroke[point] as readonly [number, number];
  const [cx, cy] = stroke[point + 1] as readonly [number, number];
  const cross = (bx - ax) * (cy - by) - (by - ay) * (cx - bx);
  const dot = (bx - ax) * (cx - bx) + (by - ay) * (cy - by);
  const angle = Math.abs(Math.atan2(cross, dot));
  const arc = (distance(stroke, point - 1, point) + distance(stroke, point, point + 1)) / 2;
  return angle === 0 ? Number.POSITIVE_INFINITY : arc / angle;
}

function clampRadius(radius: number): number {
  return Math.min(Math.max(radius, SMALLEST_RADIUS), LARGEST_RADIUS);
}

function distance(stroke: Stroke, from: number, to: number): number {
  const [ax, ay] = stroke[from] as readonly [number, number];
  const [bx, by] = stroke[to] as readonly [number, number];
  return Math.hypot(bx - ax, by - ay);
}

/** Each value with something of its neighbours': rounded coordinates make curvature restless. */
function smooth(values: Float64Array): Float64Array {
  return values.map((value, index) => {
    const before = values[index - 1] ?? value;
    const after = values[index + 1] ?? value;
    return (before + 2 * value + after) / 4;
  });
}

function lastAtOrBefore(sorted: Float64Array, time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
