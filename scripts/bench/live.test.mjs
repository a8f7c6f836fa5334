import { expect, it } from "vitest";
import { slope } from "./live.mjs";

it("finds the slope of a line through points that are off it", () => {
  expect(
    slope([
      { x: 0, y: 10 },
      { x: 1, y: 13 },
      { x: 2, y: 14 },
    ]),
  ).toBeCloseTo(2);
  expect(
    slope([
      { x: 0, y: 5 },
      { x: 9, y: 5 },
    ]),
  ).toBe(0);
});
