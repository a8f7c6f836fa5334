/** How ink looks: a line through its points, thinner where the pen is quick, on a canvas. */
import type { PacedInk, PenPosition } from "./rhythm";
import type { Point, Stroke } from "./types";

/** What is asked of a canvas: one on the page, off it, or in a test. */
export type InkContext = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "quadraticCurveTo"
  | "stroke"
  | "lineWidth"
  | "lineCap"
  | "lineJoin"
  | "strokeStyle"
>;

export interface InkStyle {
  /** Any CSS colour. */
  readonly color: string;
  /** Of the line at its usual speed, in twentieths of the x-height. */
  readonly width: number;
}

/** Smallest rectangle about points. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The speed at which the line has its nominal width. */
const USUAL_SPEED = 0.3;
const THINNEST = 0.72;
const THICKEST = 1.3;

/** The width of the line at a speed, as a share of the nominal width. */
export function widthAtSpeed(speed: number): number {
  return Math.min(Math.max((USUAL_SPEED / speed) ** 0.45, THINNEST), THICKEST);
}

/** @returns undefined where there is no point */
export function inkBounds(strokes: readonly Stroke[]): Bounds | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  return left <= right ? { left, top, right, bottom } : undefined;
}

export function midpoint([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}

/**
 * Draws the points after `from` up to and with `to`, so that a line can be drawn a little at a time. The curve goes from
 * midpoint to midpoint with the points between as its handles, and to the last point of a stroke.
 */
export function drawInk(context: InkContext, ink: PacedInk, from: PenPosition, to: PenPosition, style: InkStyle): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = style.color;
  for (let stroke = from.stroke; stroke <= to.stroke && stroke < ink.strokes.length; stroke++) {
    const points = ink.strokes[stroke] as Stroke;
    const speeds = ink.speeds[stroke] as Float64Array;
    const first = stroke === from.stroke ? from.point + 1 : 0;
    const last = stroke === to.stroke ? Math.min(to.point, points.length - 1) : points.length - 1;
    for (let point = first; point <= last; point++) {
      context.lineWidth = style.width * widthAtSpeed(speeds[point] as number);
      context.beginPath();
      drawPoint(context, points, point);
      context.stroke();
    }
  }
}

function drawPoint(context: InkContext, points: Stroke, index: number): void {
  const here = points[index] as Point;
  const before = points[index - 1];
  if (!before) {
    // No length, but round ends: a dot.
    context.moveTo(...here);
    context.lineTo(...here);
    return;
  }
  const earlier = points[index - 2];
  const middle = midpoint(before, here);
  if (earlier) {
    context.moveTo(...midpoint(earlier, before));
    context.quadraticCurveTo(...before, ...middle);
  } else {
    context.moveTo(...before);
    context.lineTo(...middle);
  }
  if (index === points.length - 1) context.lineTo(...here);
}
