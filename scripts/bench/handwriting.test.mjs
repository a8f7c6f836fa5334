import { describe, expect, it } from "vitest";
import { layOut } from "@/lib/handwriting/layout";
import { DEFAULT_BIAS, DEFAULT_LINE_WIDTH } from "@/lib/handwriting/options";
import { BIAS, measureRate, TEXTS } from "./handwriting.mjs";

describe("TEXTS", () => {
  it("stand on one line each, as the API writes them", () => {
    expect(BIAS).toBe(DEFAULT_BIAS);
    for (const text of TEXTS) expect(layOut(text, DEFAULT_LINE_WIDTH).lines).toEqual([text]);
  });
});

describe("measureRate", () => {
  it("keeps every client busy until all lines are written", async () => {
    const seeds = [];
    let writing = 0;
    let most = 0;
    const writeLine = async (_text, seed) => {
      seeds.push(seed);
      writing += 1;
      most = Math.max(most, writing);
      await new Promise((resolve) => setTimeout(resolve, 1));
      writing -= 1;
      return 100;
    };
    const start = performance.now();
    const rate = await measureRate(3, writeLine, new AbortController().signal);
    expect(seeds).toEqual(Array.from({ length: 3 * TEXTS.length }, (_, seed) => seed));
    expect(most).toBe(3);
    // Every client's points count.
    expect((rate * (performance.now() - start)) / 1000).toBeGreaterThanOrEqual(100 * seeds.length);
    expect(rate).toBeLessThan((100 * 3 * TEXTS.length) / (TEXTS.length / 1000));
  });
});
