import { describe, expect, it } from "vitest";
import { fillNoise } from "./noise";

function noise(counter: Parameters<typeof fillNoise>[0], count: number): Float32Array {
  const into = new Float32Array(4 * count);
  fillNoise(counter, count, into);
  return into;
}

const START = { seed: 7, line: 0, attempt: 0, point: 0 };

describe("fillNoise", () => {
  it("gives a point the same numbers wherever the filling begins, and into whichever row", () => {
    const whole = noise(START, 50);
    expect(noise({ ...START, point: 20 }, 30)).toEqual(whole.slice(80));
    const rows = new Float32Array(50 * 3 * 4).fill(-1);
    fillNoise(START, 50, rows, 4, 12);
    for (let point = 0; point < 50; point += 1) {
      expect(rows.slice(point * 12 + 4, point * 12 + 8)).toEqual(whole.slice(point * 4, point * 4 + 4));
      expect(rows[point * 12]).toBe(-1);
    }
  });

  it("differs between seeds, lines and attempts", () => {
    const all = [START, { ...START, seed: 8 }, { ...START, line: 1 }, { ...START, attempt: 1 }, { ...START, point: 1 }];
    expect(new Set(all.map((counter) => noise(counter, 1).join())).size).toBe(all.length);
    expect(noise({ ...START, seed: 2 ** 32 - 1 }, 1).every(Number.isFinite)).toBe(true);
  });

  it("is uniform, normal, normal and uniform", () => {
    const count = 40_000;
    const drawn = noise({ ...START, seed: 12_345 }, count);
    const column = (index: number) => Array.from({ length: count }, (_, point) => drawn[4 * point + index] as number);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
    const moments = [0, 1, 2, 3].map((index) => {
      const values = column(index);
      const average = mean(values);
      return [average, mean(values.map((value) => (value - average) ** 2)), mean(values.map((value) => value ** 4))];
    });
    for (const index of [0, 3]) {
      expect(Math.min(...column(index))).toBeGreaterThan(0);
      expect(Math.max(...column(index))).toBeLessThan(1);
      expect(moments[index]?.[0]).toBeCloseTo(1 / 2, 2);
      expect(moments[index]?.[1]).toBeCloseTo(1 / 12, 2);
    }
    for (const index of [1, 2]) {
      expect(moments[index]?.[0]).toBeCloseTo(0, 1);
      expect(moments[index]?.[1]).toBeCloseTo(1, 1);
      expect(moments[index]?.[2]).toBeGreaterThan(2.85);
      expect(moments[index]?.[2]).toBeLessThan(3.15);
    }
    const [x, y] = [column(1), column(2)];
    expect(Math.abs(mean(x.map((value, point) => value * (y[point] as number))))).toBeLessThan(0.02);
  });
});
