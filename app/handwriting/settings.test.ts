import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BIAS, MAX_SEED } from "@/lib/handwriting/options";
import { RUN_ON } from "@/lib/ui/run/measured-times";
import { cutText, DEFAULT_LOOK, DEFAULT_TEXT, formatShared, PAPERS, parseShared, SPEEDS } from "./settings";

const parse = (query: string) => parseShared(Object.fromEntries(new URLSearchParams(query)));
const tenths = (least: number, most: number) =>
  fc.integer({ min: least * 10, max: most * 10 }).map((value) => value / 10);

describe("a share link", () => {
  it("brings back what it was made from", () => {
    const settings = fc.record({
      text: fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
        .map(cutText)
        .filter((text) => text.trim() !== ""),
      dream: fc.boolean(),
      seed: fc.option(fc.integer({ min: 0, max: MAX_SEED }), { nil: undefined }),
      style: fc.option(fc.constantFrom("a1", "round", null), { nil: undefined }),
      bias: tenths(0, 5),
      lineWidth: fc.option(fc.integer({ min: 10, max: 100 }), { nil: undefined }),
      look: fc.record({
        speed: fc.constantFrom(...SPEEDS),
        width: tenths(1, 5),
        color: fc.constantFrom("#0a1b2c", undefined),
        paper: fc.constantFrom(...PAPERS),
      }),
      runOn: fc.option(fc.constantFrom(...RUN_ON), { nil: undefined }),
    });
    // Of a dream the hand is always said.
    const shared = settings.filter(({ dream, style }) => !dream || style !== undefined);
    fc.assert(
      fc.property(shared, (each) => {
        expect(parse(formatShared(each))).toEqual(each);
      }),
    );
  });

  it("says that it dreams, in nobody's hand where it says none", () => {
    expect(parse("dream=1&seed=3")).toMatchObject({ dream: true, seed: 3, style: null, text: DEFAULT_TEXT });
    expect(parse("dream=1&style=round&text=kept")).toMatchObject({ dream: true, style: "round", text: "kept" });
    expect(formatShared(parse("text=kept&dream=1&seed=3"))).toBe("text=kept&dream=1&seed=3&style=none");
    for (const query of ["dream=0", "dream=true", "dream="]) {
      expect(parse(query)).toMatchObject({ dream: false, style: undefined });
    }
  });

  it("leaves to the page what it does not say, or says as nonsense", () => {
    const nothing = {
      text: DEFAULT_TEXT,
      dream: false,
      seed: undefined,
      style: undefined,
      bias: DEFAULT_BIAS,
      lineWidth: undefined,
      look: DEFAULT_LOOK,
      runOn: undefined,
    };
    expect(parse("")).toEqual(nothing);
    expect(parse("text=+&seed=-1&bias=6&lineWidth=9&speed=3&width=x&color=red&paper=wet&runOn=moon")).toEqual(nothing);
    expect(parse("seed=4294967296&bias=1e1&lineWidth=40.5&style=")).toEqual(nothing);
    expect(parseShared({ text: ["a", "b"], seed: ["1"], style: ["a"] })).toEqual(nothing);
  });
});

it("cuts a text at 500 characters, which may each be two code units, and at 20 lines", () => {
  expect(cutText("😀".repeat(600))).toBe("😀".repeat(500));
  expect(cutText(Array(30).fill("a").join("\r\n"))).toBe(Array(20).fill("a").join("\n"));
  expect(cutText("e\u0301")).toBe("é");
});
