import { describe, expect, it } from "vitest";
import { BEFORE_INK } from "@/lib/handwriting/rhythm";
import type { Point, Stroke } from "@/lib/handwriting/types";
import { commonInk, Pen } from "./pen";

const line = (length: number, x = 0, y = 0): Stroke =>
  Array.from({ length }, (_, index): Point => [x + index * 2, y + (index % 7)]);

/** A pen and its clock: `pass` lets frames of 10 ms go by. */
function pen(rate = 1) {
  const callbacks: ((now: number) => void)[] = [];
  let now = 0;
  const made = new Pen(rate, (callback) => void callbacks.push(callback));
  const stop = made.subscribe(() => {});
  const pass = (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 10) {
      now += 10;
      for (const callback of callbacks.splice(0)) callback(now);
    }
  };
  return { pen: made, pass, stop, waiting: () => callbacks.length };
}

describe("Pen", () => {
  it("goes along the ink in its own time, and rests at its end", () => {
    const { pen: made, pass, waiting } = pen();
    made.show([line(50), line(20, 120)]);
    expect(made.position).toEqual({ stroke: 0, point: 0 });
    pass(100);
    const early = made.position;
    expect(early.stroke).toBe(0);
    expect(early.point).toBeGreaterThan(2);
    expect(early.point).toBeLessThan(30);
    pass(5000);
    expect(made.position).toEqual({ stroke: 1, point: 19 });
    expect(made.done).toBe(true);
    expect(waiting()).toBe(0);
    made.play();
    expect(made.position).toEqual({ stroke: 0, point: 0 });
    pass(5000);
    expect(made.done).toBe(true);
  });

  it("is twice as fast at twice the rate, and draws all at once where it is told to", () => {
    const [slow, fast, instant] = [pen(1), pen(2), pen(Infinity)];
    for (const each of [slow, fast, instant]) {
      each.pen.show([line(400)]);
      each.pass(210);
    }
    expect(fast.pen.elapsed).toBeCloseTo(2 * slow.pen.elapsed);
    expect(instant.pen.position).toEqual({ stroke: 0, point: 399 });
    slow.pen.setRate(Infinity);
    expect(slow.pen.done).toBe(true);
  });

  it("waits for more ink, and goes on where the new ink parts from the old", () => {
    const { pen: made, pass } = pen();
    made.show([line(20)]);
    pass(3000);
    made.show([line(30)]);
    expect(made.position).toEqual({ stroke: 0, point: 19 });
    pass(3000);
    expect(made.position).toEqual({ stroke: 0, point: 29 });
    made.show([[...line(10), ...line(20, 18, 9)]]);
    expect(made.position).toEqual({ stroke: 0, point: 9 });
    made.show([]);
    expect(made.position).toEqual(BEFORE_INK);
    expect(made.done).toBe(true);
  });

  it("pauses and goes on, and does not wait for other ink", () => {
    const { pen: made, pass } = pen();
    made.show([line(50)]);
    pass(100);
    made.pause();
    const { position } = made;
    pass(500);
    expect(made.position).toEqual(position);
    made.play();
    pass(100);
    expect(made.position.point).toBeGreaterThan(position.point);
    made.pause();
    made.show([line(60)]);
    expect(made.paused).toBe(false);
  });

  it("can be put anywhere, even where all is drawn at once", () => {
    const { pen: made } = pen(Infinity);
    made.show([line(20)]);
    made.seek(made.ink.times[0]?.[7] as number);
    expect(made.position).toEqual({ stroke: 0, point: 7 });
  });

  it("rests while nobody looks", () => {
    const { pen: made, stop, pass, waiting } = pen();
    stop();
    made.show([line(50)]);
    pass(100);
    expect(waiting()).toBe(0);
    expect(made.position).toEqual({ stroke: 0, point: 0 });
  });
});

describe("commonInk", () => {
  it("compares shapes, not places", () => {
    expect(commonInk([line(5), line(5, 20)], [line(5, 3, 8), line(5, 23, 8)])).toEqual({ stroke: 1, point: 4 });
    expect(commonInk([line(5), line(5, 20)], [line(5), line(5, 21)])).toEqual({ stroke: 0, point: 4 });
    expect(commonInk([line(5), line(5, 20)], [line(6), line(5, 20)])).toEqual({ stroke: 0, point: 4 });
    expect(commonInk([], [line(5)])).toEqual(BEFORE_INK);
  });
});
