/**
 * One line while it is written: what the next chunk needs, what a chunk makes of it, and when it ends. The rules are those of
 * `training/handwriting/synthesis.py`.
 */
import { CHUNK_POINTS, type ChunkResult, type ChunkRow, type ChunkTrace } from "./chunk";
import { UNITS_PER_X_HEIGHT } from "./options";
import type { Styles } from "./styles";

/** How often a line that runs away is drawn again. */
export const MAX_REDRAWS = 3;
/** Coordinates are counted in hundredths of a unit. */
export const HUNDREDTHS = 100;

/** Ink whose hand a line goes on in. */
export interface Lead {
  /** float32 [n, 3] in the model's steps: the first offset leads from the left edge on the baseline. */
  readonly offsets: Float32Array;
  readonly text: string;
}

export interface LineRequest {
  /** Characters that can be written, at least one; null for a line without a text, which the pen dreams. */
  readonly text: string | null;
  readonly style: Float32Array;
  readonly bias: number;
  readonly seed: number;
  /** The line's number in its text. */
  readonly line: number;
  readonly lead?: Lead;
  readonly onTrace?: (trace: ChunkTrace, attempt: number, point: number) => void;
}

/** What was written at one go. */
interface Ink {
  /** x and y in hundredths of a unit, from the line's left edge and its baseline. */
  readonly strokes: (readonly [number, number])[][];
  /** For each character of the line: the stroke and the point in it at which the window reached it. */
  readonly reached: (readonly [stroke: number, point: number])[];
  points: number;
  /** Why the line is not complete, as people are told; undefined where it is. */
  flaw?: string;
}

export class Line {
  readonly #request: LineRequest;
  readonly #styles: Styles;
  readonly #ids: Int32Array;
  /** Characters of the lead and the space behind it. */
  readonly #before: number;
  #state: Float32Array | null = null;
  /** Points of the lead that have been fed in. */
  #fed = 0;
  #x = 0;
  #y = 0;
  /** Hundredths from the lead's left edge to the line's. */
  #left = 0;
  /** Points since the window has passed the last character. */
  #past = 0;
  #isPenDown = false;
  #ink: Ink = emptyInk();
  #best: Ink | undefined;
  #sampled = 0;
  #attempt = 0;
  #isFinished = false;

  constructor(request: LineRequest, styles: Styles) {
    const { text, lead } = request;
    // Of a dream the lead's text is hidden, too.
    const before = lead && text !== null ? `${lead.text} ` : "";
    this.#request = request;
    this.#styles = styles;
    this.#before = before.length;
    this.#ids = Int32Array.from([
      ...Array.from(before + (text ?? ""), (each) => styles.idOf(each) as number),
      styles.end,
    ]);
  }

  /** Counts how often the ink was withdrawn; what stands in `strokes` belongs to it. */
  get attempt(): number {
    return this.#attempt;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Whether the last stroke goes on. */
  get isPenDown(): boolean {
    return this.#isPenDown;
  }

  /** Points [x, y] in hundredths of a unit, from the line's left edge and its baseline; they grow while it is written. */
  get strokes(): readonly (readonly (readonly [number, number])[])[] {
    return this.#ink.strokes;
  }

  /** Points sampled, withdrawn ones included. */
  get sampled(): number {
    return this.#sampled;
  }

  /** What is wrong with the line, in one sentence, once it is finished. */
  get warning(): string | undefined {
    const { flaw } = this.#ink;
    return flaw && `Line ${this.#request.line + 1} ${flaw}, however often it was drawn again.`;
  }

  /** The first point at or after which the window lay on a character; the last one of all where it never did. */
  pointOf(index: number): readonly [stroke: number, point: number] {
    const { strokes, reached } = this.#ink;
    const last = strokes.length - 1;
    return reached[index] ?? [last, (strokes[last]?.length ?? 1) - 1];
  }

  /** What the next chunk needs. */
  nextRow(): ChunkRow {
    const { lead, style, bias, seed, line, onTrace } = this.#request;
    const given = lead?.offsets.slice(3 * this.#fed, 3 * (this.#fed + CHUNK_POINTS));
    return {
      text: this.#ids,
      style,
      bias,
      state: this.#state,
      given: given && given.length > 0 ? given : null,
      noise: { seed, line, attempt: this.#attempt, point: this.#ink.points },
      traced: onTrace !== undefined,
    };
  }

  /**
   * Takes what a chunk has written.
   *
   * @returns whether the line is finished
   */
  accept({ state, points, places, ends, trace }: ChunkResult): boolean {
    this.#state = state;
    if (trace) this.#request.onTrace?.(trace, this.#attempt, this.#ink.points);
    const leadPoints = (this.#request.lead?.offsets.length ?? 0) / 3;
    for (let index = 0; index < CHUNK_POINTS; index += 1) {
      this.#x += points[3 * index] as number;
      this.#y += points[3 * index + 1] as number;
      if (this.#fed < leadPoints) {
        this.#fed += 1;
        continue;
      }
      const isLift = (points[3 * index + 2] as number) > 0.5;
      const ending = this.#write(isLift, places[index] as number, ends[index] as number);
      if (ending === "goes on") continue;
      this.#isPenDown = false;
      if (ending === "complete") this.#isFinished = true;
      else this.#withdraw(ending);
      break;
    }
    return this.#isFinished;
  }

  /** One point: "complete" where the line ends with it, or why it cannot go on. */
  #write(isLift: boolean, place: number, end: number): string {
    const { step, pointsPerCharacter, pointsAfterEnd, dreamPoints, band } = this.#styles;
    const { text } = this.#request;
    const length = text?.length ?? 0;
    const ink = this.#ink;
    const scale = step * UNITS_PER_X_HEIGHT * HUNDREDTHS;
    // The lead is not shown: the line begins where its own ink does.
    if (ink.points === 0) this.#left = this.#request.lead ? Math.round(this.#x * scale) : 0;
    if (!this.#isPenDown) ink.strokes.push([]);
    const stroke = ink.strokes.at(-1) as [number, number][];
    stroke.push([Math.round(this.#x * scale) - this.#left, Math.round(this.#y * scale)]);
    ink.points += 1;
    this.#sampled += 1;
    this.#isPenDown = !isLift;
    const reached = Math.min(place - this.#before, length - 1);
    while (ink.reached.length <= reached) ink.reached.push([ink.strokes.length - 1, stroke.length - 1]);

    const last = this.#before + length;
    // The window has nothing to pass where there is no text.
    if (text !== null && place >= last) this.#past += 1;
    const isEnded = isLift && end > 0.5 && place >= last - 1;
    const isDreamt = text === null && isLift && ink.points > dreamPoints;
    if (isEnded || isDreamt || this.#past > pointsAfterEnd) return "complete";
    const y = this.#y * step;
    if (!(band[0] < y && y < band[1])) return "left its band";
    const most = text === null ? 2 * dreamPoints : pointsPerCharacter * length + 60;
    return ink.points > most ? "did not come to its end" : "goes on";
  }

  #withdraw(flaw: string): void {
    const ink = { ...this.#ink, flaw };
    const isBetter = !this.#best || this.#isBetter(ink, this.#best);
    if (isBetter) this.#best = ink;
    if (this.#attempt === MAX_REDRAWS) {
      this.#isFinished = true;
      // The last one stays where it is; another takes its place.
      if (!isBetter) this.#attempt += 1;
      this.#ink = this.#best as Ink;
      return;
    }
    this.#attempt += 1;
    this.#state = null;
    this.#fed = 0;
    this.#x = 0;
    this.#y = 0;
    this.#past = 0;
    this.#ink = emptyInk();
  }

  /** The one that got furthest, and there the shortest; a dream gets as far as it is long. */
  #isBetter(ink: Ink, other: Ink): boolean {
    if (this.#request.text === null) return ink.points > other.points;
    const further = ink.reached.length - other.reached.length;
    return further > 0 || (further === 0 && ink.points < other.points);
  }
}

function emptyInk(): Ink {
  return { strokes: [], reached: [], points: 0 };
}
