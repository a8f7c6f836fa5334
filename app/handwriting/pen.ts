import { BEFORE_INK, NO_INK, type PacedInk, type PenPosition, paceInk, penAt } from "@/lib/handwriting/rhythm";
import type { Point, Stroke } from "@/lib/handwriting/types";

/** By how much two points may differ that are the same: twice what rounding does, in twentieths of the x-height. */
const SAME = 0.03;
/** A frame after which the page was not looked at: the pen waits rather than leaps. */
const LONGEST_FRAME = 100;

/** Calls back once, later, with a time in milliseconds. */
export type Schedule = (callback: (now: number) => void) => void;

/**
 * The pen that goes along ink at its rhythm, while the ink may still be growing or changing: what it has drawn already
 * stays where the new ink is the same.
 */
export class Pen {
  ink: PacedInk = NO_INK;
  /** Where the first line's left edge and baseline meet, in the ink's coordinates. */
  origin: Point = [0, 0];
  position: PenPosition = BEFORE_INK;
  /** How much faster than a hand; `Infinity` draws all at once. */
  #rate: number;
  #elapsed = 0;
  #last: number | undefined;
  #scheduled = false;
  #paused = false;
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();

  constructor(rate: number, schedule: Schedule = (callback) => requestAnimationFrame(callback)) {
    this.#rate = rate;
    this.#schedule = schedule;
  }

  /** Milliseconds of a hand's time that have been drawn. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Whether all the ink that there is has been drawn. */
  get done(): boolean {
    return this.#elapsed >= this.ink.duration;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Called after each move of the pen and each change of the ink. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#run();
    return () => this.#listeners.delete(listener);
  };

  setRate(rate: number): void {
    this.#rate = rate;
    this.#moveTo(this.#elapsed);
  }

  /** Puts other ink in place of this. The pen goes on where they part. */
  show(strokes: readonly Stroke[], origin: Point = [0, 0]): void {
    const ink = paceInk(strokes);
    const same = commonInk(this.ink.strokes, strokes);
    const { stroke, point } = isBefore(this.position, same) ? this.position : same;
    this.ink = ink;
    this.origin = origin;
    this.#paused = false;
    // By the point and not by the time: ink that goes on is gone along a little differently.
    this.#moveTo(ink.times[stroke]?.[point] ?? 0);
  }

  pause(): void {
    this.#paused = true;
    this.#tell();
  }

  /** Goes on, or begins anew where all is drawn. */
  play(): void {
    this.#paused = false;
    this.#moveTo(this.done ? 0 : this.#elapsed);
  }

  /** Puts the pen where it is after so many milliseconds, and leaves it there. */
  seek(elapsed: number): void {
    this.#paused = true;
    this.#elapsed = elapsed;
    this.position = penAt(this.ink, elapsed);
    this.#tell();
  }

  #moveTo(elapsed: number): void {
    this.#elapsed = this.#rate === Number.POSITIVE_INFINITY ? this.ink.duration : elapsed;
    this.position = this.ink.strokes.length === 0 ? BEFORE_INK : penAt(this.ink, this.#elapsed);
    this.#tell();
    this.#run();
  }

  #run(): void {
    if (this.#scheduled || this.#paused || this.done || this.#listeners.size === 0) return;
    this.#scheduled = true;
    this.#schedule((now) => {
      this.#scheduled = false;
      if (this.#paused) {
        this.#last = undefined;
        return;
      }
      const passed = Math.min(now - (this.#last ?? now), LONGEST_FRAME);
      this.#last = now;
      this.#moveTo(Math.min(this.#elapsed + passed * this.#rate, this.ink.duration));
      if (this.done) this.#last = undefined;
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function isBefore(a: PenPosition, b: PenPosition): boolean {
  return a.stroke < b.stroke || (a.stroke === b.stroke && a.point < b.point);
}

/** The last point up to which two inks are the same, wherever on the page they lie. */
export function commonInk(a: readonly Stroke[], b: readonly Stroke[]): PenPosition {
  const [originA, originB] = [firstPoint(a), firstPoint(b)];
  let same = BEFORE_INK;
  if (!originA || !originB) return same;
  for (let stroke = 0; stroke < Math.min(a.length, b.length); stroke++) {
    const [strokeA, strokeB] = [a[stroke] as Stroke, b[stroke] as Stroke];
    for (let point = 0; point < Math.min(strokeA.length, strokeB.length); point++) {
      const [ax, ay] = strokeA[point] as Point;
      const [bx, by] = strokeB[point] as Point;
      const apart = Math.max(
        Math.abs(ax - originA[0] - (bx - originB[0])),
        Math.abs(ay - originA[1] - (by - originB[1])),
      );
      if (apart > SAME) return same;
      same = { stroke, point };
    }
    // Where one stroke goes on, what follows in the other is other ink.
    if (strokeA.length !== strokeB.length) return same;
  }
  return same;
}

function firstPoint(strokes: readonly Stroke[]): Point | undefined {
  return strokes.find(({ length }) => length > 0)?.[0];
}
