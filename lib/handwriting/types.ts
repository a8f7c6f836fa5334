/**
 * What is written, on the server and on the device alike. Lengths are twentieths of the x-height; y grows downwards; the origin
 * is the ink's top left.
 */

/** [x, y], rounded to 0.01. */
export type Point = readonly [x: number, y: number];

/** Points that the pen draws without being lifted. */
export type Stroke = readonly Point[];

/** [x, y], or [x, y, milliseconds], of any scale, y growing downwards. */
export type PrimePoint = readonly [x: number, y: number] | readonly [x: number, y: number, t: number];

/** Ink in whose hand to go on. */
export interface Prime {
  /** What the ink says; the reader transcribes it when it is absent. */
  readonly text?: string;
  readonly strokes: readonly (readonly PrimePoint[])[];
}

export interface WritingOptions {
  /** Lines to write without a text, 1 to 10: neither a text nor `lineWidth` is looked at then. */
  readonly dream?: number;
  /** 0 to 2³² − 1. */
  readonly seed: number;
  /** Id of a style; null for an unprimed hand. Ignored with `prime`. */
  readonly style: string | null;
  readonly prime?: Prime;
  /** Legibility, 0 to 5: narrows the mixture (Graves 2013, section 5.4). */
  readonly bias: number;
  /** Characters a line, 10 to 100. */
  readonly lineWidth: number;
}

/** Where the strokes of a line stand among all. */
export interface WrittenLine {
  readonly baseline: number;
  /** Index of its first stroke, or of the next line's where it has none. */
  readonly stroke: number;
  /** How many strokes it has; 0 for a line that is left free. */
  readonly strokes: number;
}

/** The first inked point at or after the window reaches the character. */
export interface WrittenCharacter {
  readonly text: string;
  readonly stroke: number;
  readonly point: number;
}

export interface Writing {
  readonly strokes: readonly Stroke[];
  /**
   * Where the first line's left edge and baseline meet, which is the origin of the events' coordinates: a point there plus this
   * is the same point here.
   */
  readonly origin: Point;
  readonly lines: readonly WrittenLine[];
  readonly width: number;
  readonly height: number;
  /** One for each code point of `text`, none of a dream, spaces and line breaks included; never decreasing. */
  readonly characters: readonly WrittenCharacter[];
  readonly seed: number;
  readonly style: string | null;
  /** "" of a dream. */
  readonly text: string;
  /** What was read in a prime that came without text. */
  readonly primeText?: string;
  readonly warnings: readonly string[];
  /** How many points were sampled, redraws included. */
  readonly points: number;
}

/**
 * What is handed over before a writing is complete, line by line in their order. The ink's top left is not known then: the
 * coordinates' origin is where the first line's left edge and baseline meet (`Writing.origin`).
 */
export type WritingEvent =
  /** Adds points to a stroke, begun or not; `stroke` is its index in `Writing.strokes`. */
  | {
      readonly type: "strokes";
      readonly line: number;
      readonly stroke: number;
      readonly points: readonly Point[];
      readonly penUp: boolean;
    }
  /** Withdraws a line, which is drawn again: what was handed over of its strokes is no longer true. */
  | { readonly type: "reset"; readonly line: number; readonly attempt: number };

/** What the network saw and expected at some points of a line, for those who want to look inside. */
export interface WritingTrace {
  readonly line: number;
  /** How often the line was withdrawn before. */
  readonly attempt: number;
  /** Number of the first of the points in its line, points of a prime not counted. */
  readonly point: number;
  /**
   * Text of the prime and a space where there is one, and of the line: `phi` has a column for each, and one for the end. "" of a
   * dream.
   */
  readonly text: string;
  /** float32 [points, text.length + 1]: how far the window lies on each character. */
  readonly phi: Float32Array;
  /**
   * float32 [points, 6 M], the density of which each point was drawn: weights, means of x and y, deviations of x and y, and
   * correlations of M Gaussians, of offsets in fifths of the x-height, the bias applied.
   */
  readonly mixture: Float32Array;
}
