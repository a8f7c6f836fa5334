import { expect, it } from "vitest";
import { probabilitiesAmong } from "./probabilities";

it("keeps the ratios and sums to 1", () => {
  const [first, second, third] = probabilitiesAmong([Math.log(0.04), Math.log(0.02), Math.log(0.02)]);
  expect(first).toBeCloseTo(0.5);
  expect(second).toBeCloseTo(0.25);
  expect(third).toBeCloseTo(0.25);
});

it("does not underflow for long captions", () => {
  expect(probabilitiesAmong([-2000, -2000])).toEqual([0.5, 0.5]);
});
