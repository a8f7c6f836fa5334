import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RUN_ON } from "@/lib/ui/run/measured-times";
import { cutQuestion, formatShared, parseShared } from "./settings";

const parse = (query: string) => parseShared(Object.fromEntries(new URLSearchParams(query)));

describe("a share link", () => {
  it("brings back what it was made from", () => {
    const settings = fc.record({
      question: fc.option(
        fc
          .string({ unit: "grapheme", maxLength: 40 })
          .map(cutQuestion)
          .filter((text) => text.trim() !== ""),
        { nil: undefined },
      ),
      photo: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      runOn: fc.option(fc.constantFrom(...RUN_ON), { nil: undefined }),
    });
    fc.assert(
      fc.property(settings, (shared) => {
        expect(parse(formatShared(shared))).toEqual(shared);
      }),
    );
  });

  it("leaves to the page what it does not say, or says as nonsense", () => {
    const nothing = { question: undefined, photo: undefined, runOn: undefined };
    expect(parse("")).toEqual(nothing);
    expect(parse("question=+&runOn=moon")).toEqual(nothing);
    expect(parseShared({ question: ["a", "b"], photo: ["c"] })).toEqual(nothing);
  });
});

it("cuts a question at 200 characters, which may each be two code units, and puts it on one line", () => {
  expect(cutQuestion("😀".repeat(300))).toBe("😀".repeat(200));
  expect(cutQuestion("what\nis\tthis")).toBe("what is this");
});
