/** A whole text: its lines written together, handed over in their order, and placed below each other. */
import type { ContinuousBatch } from "./batch";
import type { Layout } from "./layout";
import { HUNDREDTHS, type Lead, Line } from "./line";
import { LINE_HEIGHT } from "./options";
import { type Styles, styleVector } from "./styles";
import type { Point, Stroke, Writing, WritingEvent, WritingOptions, WritingTrace } from "./types";

/** What a prime is made into, once for all lines. */
export interface PreparedPrime {
  /** Absent where the ink cannot be followed. */
  readonly lead?: Lead;
  /** What was read in ink that came without text. */
  readonly primeText?: string;
  readonly warnings: readonly string[];
}

export interface WriteContext {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: WritingEvent) => void;
  readonly onTrace?: (trace: WritingTrace) => void;
}

export interface Written {
  readonly writing: Writing;
  /** How long the lines waited for their first chunk, in milliseconds. */
  readonly queueMs: number;
  /** Lines that were withdrawn and drawn again, each time counted. */
  readonly redraws: number;
}

type Options = Pick<WritingOptions, "seed" | "style" | "bias">;

/** Baselines are whole units apart, and so are hundredths. */
const LINE_HEIGHT_HUNDREDTHS = LINE_HEIGHT * HUNDREDTHS;

/**
 * Writes what has been laid out: a text, or a dream.
 *
 * @param batch - which writes chunks, perhaps beside other texts' lines
 * @param prime - what `Prime` was made into; the style is not looked at then
 * @throws `InklingError` with code `invalid_field` for an unknown style, or as `ContinuousBatch.write` does
 */
export async function writeLayout(
  layout: Layout,
  { seed, style, bias }: Options,
  prime: PreparedPrime | undefined,
  styles: Styles,
  batch: ContinuousBatch,
  { signal, onEvent, onTrace }: WriteContext = {},
): Promise<Written> {
  const vector = Float32Array.from(styleVector(styles, prime ? null : style));
  const lead = prime?.lead;
  const lines = layout.lines.map((text, line) => {
    if (text === "") return undefined;
    const request = { text, style: vector, bias, seed, line, lead };
    if (!onTrace) return new Line(request, styles);
    const seen = lead && text !== null ? `${lead.text} ${text}` : (text ?? "");
    return new Line(
      { ...request, onTrace: (trace, attempt, point) => onTrace({ line, attempt, point, text: seen, ...trace }) },
      styles,
    );
  });
  const written = lines.filter((line) => line !== undefined);
  const onProgress = onEvent && handOver(lines, onEvent);
  const { queueMs } = await batch.write(written, { signal, onProgress });
  const warnings = [...(prime?.warnings ?? []), ...written.flatMap(({ warning }) => warning ?? [])];
  return {
    writing: {
      ...place(layout, lines),
      seed,
      style: prime ? null : style,
      text: layout.text,
      ...(prime?.primeText !== undefined && { primeText: prime.primeText }),
      warnings,
      points: written.reduce((sum, { sampled }) => sum + sampled, 0),
    },
    queueMs,
    redraws: written.reduce((sum, { attempt }) => sum + attempt, 0),
  };
}

/** A function that hands over what is new: of a line only when all before it are finished, so that strokes have numbers. */
function handOver(lines: readonly (Line | undefined)[], onEvent: (event: WritingEvent) => void): () => void {
  let current = 0;
  let firstStroke = 0;
  let attempt = 0;
  /** The stroke of the current line that is being handed over, and how many of its points have been. */
  let stroke = 0;
  let point = 0;

  function advance(line: Line): void {
    if (line.attempt !== attempt) {
      if (stroke + point > 0) onEvent({ type: "reset", line: current, attempt: line.attempt });
      attempt = line.attempt;
      stroke = 0;
      point = 0;
    }
    for (; stroke < line.strokes.length; stroke += 1, point = 0) {
      const ink = line.strokes[stroke] as NonNullable<(typeof line.strokes)[number]>;
      const isLast = stroke === line.strokes.length - 1;
      const penUp = !isLast || !line.isPenDown;
      if (ink.length > point) {
        const points = ink.slice(point).map(([x, y]) => toPoint(x, y + current * LINE_HEIGHT_HUNDREDTHS));
        onEvent({ type: "strokes", line: current, stroke: firstStroke + stroke, points, penUp });
      }
      point = ink.length;
      if (!penUp) return;
    }
  }

  return () => {
    for (; current < lines.length; current += 1, stroke = 0, point = 0, attempt = 0) {
      const line = lines[current];
      if (!line) continue;
      advance(line);
      if (!line.isFinished) return;
      firstStroke += line.strokes.length;
    }
  };
}

/** Lines below each other, the ink's top left at the origin, and where each character is. */
function place(
  { text, places }: Layout,
  lines: readonly (Line | undefined)[],
): Pick<Writing, "strokes" | "origin" | "lines" | "width" | "height" | "characters"> {
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  lines.forEach((line, index) => {
    for (const [x, y] of line?.strokes.flat() ?? []) {
      const below = y + index * LINE_HEIGHT_HUNDREDTHS;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, below);
      bottom = Math.max(bottom, below);
    }
  });
  const strokes: Stroke[] = [];
  const placed = lines.map((line, index) => {
    const shift = index * LINE_HEIGHT_HUNDREDTHS - top;
    const stroke = strokes.length;
    for (const ink of line?.strokes ?? []) strokes.push(ink.map(([x, y]) => toPoint(x - left, y + shift)));
    return { baseline: shift / HUNDREDTHS, stroke, strokes: strokes.length - stroke };
  });
  const characters = Array.from(text, (character, index) => {
    const { line, index: at } = places[index] as Layout["places"][number];
    const [stroke, point] = (lines[line] as Line).pointOf(at);
    return { text: character, stroke: (placed[line] as { stroke: number }).stroke + stroke, point };
  });
  return {
    strokes,
    origin: toPoint(-left, -top),
    lines: placed,
    width: (right - left) / HUNDREDTHS,
    height: (bottom - top) / HUNDREDTHS,
    characters,
  };
}

/** From hundredths of a unit; adding 0 leaves no negative zero. */
function toPoint(x: number, y: number): Point {
  return [x / HUNDREDTHS + 0, y / HUNDREDTHS + 0];
}
