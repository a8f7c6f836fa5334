import { describe, expect, it } from "vitest";
import { drawInk, type InkContext, inkBounds, widthAtSpeed } from "./drawing";
import { BEFORE_INK, paceInk, penAt } from "./rhythm";
import type { Stroke } from "./types";

const strokes: Stroke[] = [
  [
    [0, 0],
    [2, 0],
    [4, 0],
    [6, 2],
  ],
  [[10, -5]],
];
const ink = paceInk(strokes);
const style = { color: "black", width: 2 };

/** Writes down what is drawn. */
function recorder() {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...values: number[]) =>
      void calls.push([name, ...values].join(" "));
  const context = {
    beginPath: () => {},
    stroke: () => {},
    moveTo: note("M"),
    lineTo: note("L"),
    quadraticCurveTo: note("Q"),
  } as unknown as InkContext;
  return { calls, context };
}

describe("drawInk", () => {
  it("goes through midpoints to the ends, and makes a dot of one point", () => {
    const { calls, context } = recorder();
    drawInk(context, ink, BEFORE_INK, penAt(ink, Infinity), style);
    expect(calls).toEqual([
      "M 0 0",
      "L 0 0",
      "M 0 0",
      "L 1 0",
      "M 1 0",
      "Q 2 0 3 0",
      "M 3 0",
      "Q 4 0 5 1",
      "L 6 2",
      "M 10 -5",
      "L 10 -5",
    ]);
  });

  it("draws the same a point at a time as at once", () => {
    const whole = recorder();
    drawInk(whole.context, ink, BEFORE_INK, penAt(ink, Infinity), style);
    const parts = recorder();
    let from = BEFORE_INK;
    for (const time of [...ink.times.flatMap((each) => [...each]), Infinity]) {
      const to = penAt(ink, time);
      drawInk(parts.context, ink, from, to, style);
      from = to;
    }
    expect(parts.calls).toEqual(whole.calls);
  });
});

it("draws thinner where the pen is quicker, within limits", () => {
  expect(widthAtSpeed(0.3)).toBe(1);
  expect(widthAtSpeed(0.5)).toBeLessThan(widthAtSpeed(0.2));
  expect(widthAtSpeed(100)).toBeCloseTo(0.72);
  expect(widthAtSpeed(0.001)).toBeCloseTo(1.3);
});

it("finds the rectangle about ink, if there is any", () => {
  expect(inkBounds(strokes)).toEqual({ left: 0, top: -5, right: 10, bottom: 2 });
  expect(inkBounds([[]])).toBeUndefined();
});
