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
  /** Index of its first stroke. */
  readonly stroke: number;
  /** How many strokes it has. */
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
  readonly lines: readonly WrittenLine[];
  readonly width: number;
  readonly height: number;
  /** One for each code point of `text`, spaces and line breaks included; never decreasing. */
  readonly characters: readonly WrittenCharacter[];
  readonly seed: number;
  readonly style: string | null;
  readonly text: string;
  /** What was read in a prime that came without text. */
  readonly primeText?: string;
  readonly warnings: readonly string[];
  /** How many points were sampled, redraws included. */
  readonly points: number;
}

/** What is handed over before a writing is complete. */
export type WritingEvent =
  /** Adds points to a stroke, begun or not. */
  | {
      readonly type: "strokes";
      readonly line: number;
      readonly stroke: number;
      readonly points: readonly Point[];
      readonly penUp: boolean;
    }
  /** Withdraws a line, which is drawn again. */
  | { readonly type: "reset"; readonly line: number; readonly attempt: number };
