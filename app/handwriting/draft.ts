import type { Point, Stroke, WritingEvent } from "@/lib/handwriting/types";

/** Ink of a writing that is not complete. Lines may be written side by side; they are read one after the other. */
export class Draft {
  readonly #lines: Map<number, Point[]>[] = [];

  apply(event: WritingEvent): void {
    if (event.type === "reset") {
      this.#lines[event.line] = new Map();
      return;
    }
    this.#lines[event.line] ??= new Map();
    const line = this.#lines[event.line] as Map<number, Point[]>;
    const stroke = line.get(event.stroke) ?? [];
    stroke.push(...event.points);
    line.set(event.stroke, stroke);
  }

  /** All strokes so far, in the order in which they are read. */
  strokes(): Stroke[] {
    return this.#lines.flatMap((line) => [...line].sort(([a], [b]) => a - b).map(([, stroke]) => [...stroke]));
  }
}
