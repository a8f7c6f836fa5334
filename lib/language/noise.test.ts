import { expect, it } from "vitest";
import { fillNoise } from "./noise";

function noise(seed: number, place: number, count = 81): Float32Array {
  const into = new Float32Array(count);
  fillNoise(seed, place, into);
  return into;
}

it("follows from seed and place alone, and fills what it is given", () => {
  expect(noise(7, 3)).toEqual(noise(7, 3));
  expect(noise(7, 3, 5)).toEqual(noise(7, 3).slice(0, 5));
  expect(new Set([noise(7, 3), noise(7, 4), noise(8, 3)].map((all) => all.join())).size).toBe(3);
  expect(new Set(noise(2 ** 32 - 1, 2_999)).size).toBe(81);
});

it("is uniform between 0 and 1, and never either", () => {
  const drawn = Array.from({ length: 500 }, (_, place) => [...noise(1, place)]).flat();
  expect(Math.min(...drawn)).toBeGreaterThan(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(mean).toBeCloseTo(1 / 2, 2);
  expect(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length).toBeCloseTo(1 / 12, 2);
});
