/** What the network saw while it wrote: on this device alone, since it is many times the ink. */
import type { PenPosition } from "@/lib/handwriting/rhythm";
import type { Stroke, Writing, WritingTrace } from "@/lib/handwriting/types";

/** One Gaussian of the density of the next point (Graves 2013, eq. 24), in the ink's units from where the pen is. */
export interface Gaussian {
  readonly weight: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly deviationX: number;
  readonly deviationY: number;
  readonly correlation: number;
}

/** What the network saw at one point. */
export interface Sight {
  /** How far the window lies on each character of the line (Graves 2013, eq. 46). */
  readonly phi: readonly number[];
  /** Index in the writing's characters of the first of them. */
  readonly from: number;
  /** Of the point that comes next; undefined at the end of a line. */
  readonly next: readonly Gaussian[] | undefined;
}

/** Units of the ink in the trace's: a fifth of the x-height is four twentieths. */
const UNITS = 4;

interface Row {
  readonly trace: WritingTrace;
  readonly index: number;
}

export class InkTrace {
  /** By line: each point's row. */
  readonly #lines: Row[][] = [];
  readonly #attempts: number[] = [];

  add(trace: WritingTrace): void {
    const { line, attempt, point, phi, text } = trace;
    if (this.#attempts[line] !== attempt) this.#lines[line] = [];
    this.#attempts[line] = attempt;
    const rows = this.#lines[line] as Row[];
    const points = phi.length / (text.length + 1);
    for (let index = 0; index < points; index++) rows[point + index] = { trace, index };
  }

  /** @returns undefined where the pen is above the paper, or nothing is known of the point */
  at({ strokes, lines, characters }: Writing, { stroke, point }: PenPosition): Sight | undefined {
    const line = lines.findIndex((each) => stroke >= each.stroke && stroke < each.stroke + each.strokes);
    const written = lines[line];
    if (!written || point < 0) return undefined;
    const before = strokes.slice(written.stroke, stroke).reduce((sum, { length }) => sum + length, 0);
    const row = this.#lines[line]?.[before + point];
    if (!row) return undefined;
    const end = written.stroke + written.strokes;
    const from = characters.findIndex((each) => each.stroke >= written.stroke);
    const until = characters.findIndex((each) => each.stroke >= end);
    const shown = characters.slice(from, until < 0 ? undefined : until).filter(({ text }) => text !== "\n").length;
    const columns = row.trace.text.length + 1;
    const phi = row.trace.phi.subarray(row.index * columns, (row.index + 1) * columns);
    const isLast = stroke === end - 1 && point === (strokes[stroke] as Stroke).length - 1;
    const next = isLast ? undefined : this.#lines[line]?.[before + point + 1];
    // The text of a prime stands before the line's own, the end behind it.
    return { phi: [...phi.slice(Math.max(columns - 1 - shown, 0), columns - 1)], from, next: next && gaussians(next) };
  }
}

function gaussians({ trace: { mixture, phi, text }, index }: Row): Gaussian[] {
  const points = phi.length / (text.length + 1);
  const columns = mixture.length / points;
  const count = columns / 6;
  const value = (parameter: number, each: number) => mixture[index * columns + parameter * count + each] as number;
  return Array.from({ length: count }, (_, each) => ({
    weight: value(0, each),
    meanX: value(1, each) * UNITS,
    meanY: value(2, each) * UNITS,
    deviationX: value(3, each) * UNITS,
    deviationY: value(4, each) * UNITS,
    correlation: value(5, each),
  }));
}

/** Density of a mixture at a point, by which the pen may go on (Graves 2013, eq. 23–25). */
export function densityAt(mixture: readonly Gaussian[], x: number, y: number): number {
  let sum = 0;
  for (const { weight, meanX, meanY, deviationX, deviationY, correlation } of mixture) {
    const zx = (x - meanX) / deviationX;
    const zy = (y - meanY) / deviationY;
    const rest = 1 - correlation * correlation;
    const exponent = -(zx * zx + zy * zy - 2 * correlation * zx * zy) / (2 * rest);
    sum += (weight * Math.exp(exponent)) / (2 * Math.PI * deviationX * deviationY * Math.sqrt(rest));
  }
  return sum;
}
