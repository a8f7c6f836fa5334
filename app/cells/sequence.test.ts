import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_STEPS, MAX_VALUE, parseSequence } from "./sequence";

describe("a sequence", () => {
  it("is numbers, however they are parted", () => {
    expect(parseSequence("1 0, 1;1\n−0.5 -2. .25 +3")).toEqual({ values: [1, 0, 1, 1, -0.5, -2, 0.25, 3] });
    expect(parseSequence("1011 01")).toEqual({ values: [1, 0, 1, 1, 0, 1] });
  });

  it.each([
    ["  ", "nothing"],
    ["1 two 3", "“two”"],
    ["1e9", "“1e9”"],
    ["NaN", "“NaN”"],
    ["- 1", "“-”"],
    ["10.5", "between"],
    ["0 ".repeat(17), "17 steps"],
    ["01".repeat(20), "40 steps"],
  ])("is refused with a reason: %s", (text, reason) => {
    expect(parseSequence(text)).toEqual({ problem: expect.stringContaining(reason) });
  });

  it("never holds what a cell cannot take, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0189.-+, ;e∞") }), (text) => {
        const parsed = parseSequence(text);
        if ("problem" in parsed) return;
        expect(parsed.values.length).toBeGreaterThan(0);
        expect(parsed.values.length).toBeLessThanOrEqual(MAX_STEPS);
        for (const value of parsed.values) expect(Math.abs(value)).toBeLessThanOrEqual(MAX_VALUE);
      }),
    );
  });
});
