import { describe, expect, it } from "vitest";
import { median, quantile, repeat, time } from "./measure.mjs";

describe("quantile", () => {
  it("interpolates between neighbours, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 0], 0.95)).toBeCloseTo(9.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1)]).toEqual([1, 3]);
  });

  it("leaves its argument as it is, and refuses to be asked about nothing", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow("Nothing was measured.");
  });
});

describe("repeat", () => {
  it("goes one after the other", async () => {
    let running = 0;
    const seen = await repeat(
      3,
      async (index) => {
        running += 1;
        await Promise.resolve();
        running -= 1;
        return [index, running];
      },
      new AbortController().signal,
    );
    expect(seen).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it("stops when it is stopped", async () => {
    const controller = new AbortController();
    let done = 0;
    const repeated = repeat(
      10,
      () => {
        done += 1;
        if (done === 4) controller.abort(new Error("stopped"));
      },
      controller.signal,
    );
    await expect(repeated).rejects.toThrow("stopped");
    expect(done).toBe(4);
  });
});

describe("time", () => {
  it("waits for the end", async () => {
    expect(await time(() => new Promise((resolve) => setTimeout(resolve, 20)))).toBeGreaterThan(15);
  });
});
