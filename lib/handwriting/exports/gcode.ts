/** Ink for pen plotters: true strokes in millimetres, the pen set down and lifted by the Z axis. */
import { inkBounds } from "../drawing";
import type { Stroke } from "../types";

export interface PlotOptions {
  /** Millimetres from the leftmost to the rightmost point. */
  readonly width: number;
  /** Millimetres a minute with the pen down. */
  readonly feed: number;
  /** Z of the lifted pen, in millimetres. */
  readonly penUp: number;
  /** Z of the pen on the paper, in millimetres. */
  readonly penDown: number;
}

export const DEFAULT_PLOT: PlotOptions = { width: 150, feed: 1500, penUp: 5, penDown: 0 };

/**
 * Height of what is plotted, in millimetres.
 *
 * @returns 0 where there is no ink
 */
export function plotHeight(strokes: readonly Stroke[], width: number): number {
  const bounds = inkBounds(strokes);
  if (!bounds) return 0;
  return (bounds.bottom - bounds.top) * scaleOf(bounds.right - bounds.left, width);
}

/**
 * G-code (RS-274) whose origin is the ink's lower left corner, with Y upwards, as plotters have it: every coordinate lies
 * between 0 and the width or the height.
 *
 * @example
 * toGcode([[[0, 0], [10, 20]]], { width: 100, feed: 1500, penUp: 5, penDown: 0 });
 * // … G0 X0 Y200, G1 Z0, G1 X100 Y0 F1500 …
 */
export function toGcode(strokes: readonly Stroke[], { width, feed, penUp, penDown }: PlotOptions): string {
  const bounds = inkBounds(strokes);
  const lines = [
    "; Handwriting by Inkling: true strokes for a pen",
    "G21 ; millimetres",
    "G90 ; absolute coordinates",
    `G0 Z${format(penUp)} ; pen up`,
  ];
  if (bounds) {
    const scale = scaleOf(bounds.right - bounds.left, width);
    const place = ([x, y]: readonly [number, number]) =>
      `X${format((x - bounds.left) * scale)} Y${format((bounds.bottom - y) * scale)}`;
    for (const [first, ...others] of strokes) {
      if (!first) continue;
      lines.push(`G0 ${place(first)}`, `G1 Z${format(penDown)} F${format(feed)}`);
      for (const point of others) lines.push(`G1 ${place(point)} F${format(feed)}`);
      lines.push(`G0 Z${format(penUp)}`);
    }
  }
  lines.push("G0 X0 Y0", "M2 ; end", "");
  return lines.join("\n");
}

/** A single upright stroke has no width to scale: it is as high as the ink was asked to be wide. */
function scaleOf(inkWidth: number, width: number): number {
  return width / Math.max(inkWidth, 1);
}

/** Thousandths, without zeros that say nothing, and without "-0". */
function format(value: number): string {
  return String(Math.round(value * 1000) / 1000 || 0);
}
