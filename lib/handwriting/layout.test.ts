import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InklingError } from "@/lib/inference/errors";
import { findUnsupported, normalizeText } from "./characters";
import { layOut, layOutDream } from "./layout";

function failure(text: string, lineWidth = 40): InklingError {
  try {
    layOut(text, lineWidth);
  } catch (thrown) {
    return thrown as InklingError;
  }
  throw new Error("It was laid out.");
}

describe("layOut", () => {
  it.each([
    ["Hello", 40, ["Hello"]],
    ["a fine day", 6, ["a fine", "day"]],
    ["a fine day", 10, ["a fine day"]],
    ["one\ntwo\r\nthree\rfour", 40, ["one", "two", "three", "four"]],
    ["one\n\nthree", 40, ["one", "", "three"]],
    ["\n\n  one  two  \n \n", 40, ["one two"]],
    ["abcdefghijklmno", 10, ["abcdefghij", "klmno"]],
    ["ab cdefghijklmnopq rs", 10, ["ab", "cdefghijkl", "mnopq rs"]],
  ])("breaks %j at %d into %j", (text, width, lines) => {
    expect(layOut(text, width).lines).toEqual(lines);
  });

  it("says where each character is written, what is not written being where the next one is", () => {
    const { places } = layOut(" ab  c\n d ", 40);
    expect(places.map(({ line, index }) => `${line}/${index}`)).toEqual([
      "0/0",
      "0/0",
      "0/1",
      "0/2",
      "0/3",
      "0/3",
      "1/0",
      "1/0",
      "1/0",
      "1/1",
    ]);
  });

  it("keeps every character, in order, on lines that are not too long", () => {
    const text = fc.string({ maxLength: 300, unit: fc.constantFrom("a", "B", "7", ",", " ", " ", "\n") });
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 100 }), (given, width) => {
        fc.pre(/\S/.test(given) && given.split("\n").length <= 20);
        const { text: kept, lines, places } = layOut(given, width);
        expect(kept).toBe(given);
        expect(lines.join("").replaceAll(" ", "")).toBe(given.replaceAll(/\s/g, ""));
        expect(lines.every((line) => line !== null && line.length <= width && line.trim() === line)).toBe(true);
        expect(places).toHaveLength(given.length);
        Array.from(given).forEach((character, at) => {
          const { line, index } = places[at] as { line: number; index: number };
          if (/\S/.test(character)) expect(lines[line]?.[index]).toBe(character);
          const before = places[at - 1];
          if (before) expect(line * 1000 + index).toBeGreaterThanOrEqual(before.line * 1000 + before.index);
        });
      }),
    );
  });

  it.each([
    ["", "invalid_field", /empty/],
    ["   ", "invalid_field", /spaces/],
    ["\n\n", "invalid_field", /line breaks/],
    ["a".repeat(501), "text_too_long", /501/],
    ["a\n".repeat(20), "text_too_long", /21/],
    ["a\tb", "unsupported_characters", /U\+0009/],
    ["a\u0000", "unsupported_characters", /U\+0000/],
    ["Привет", "unsupported_characters", /П, р/],
    ["good 🐶", "unsupported_characters", /🐶/],
    ["half \ud83d", "unsupported_characters", /U\+D83D/],
  ])("refuses %j", (text, code, detail) => {
    const { code: found, detail: said } = failure(text);
    expect(found).toBe(code);
    expect(said).toMatch(detail);
  });

  it("counts characters, not bytes, after composing them", () => {
    expect(failure("e\u0301".repeat(251)).code).toBe("unsupported_characters");
    expect(failure("e\u0301".repeat(501)).code).toBe("text_too_long");
    expect(layOut("a".repeat(500), 10).lines).toHaveLength(50);
  });
});

it("lays out a dream as lines without a text, which are not those that are left free", () => {
  expect(layOutDream(3)).toEqual({ text: "", lines: [null, null, null], places: [] });
});

describe("findUnsupported", () => {
  it("suggests what is close", () => {
    const suggestions = findUnsupported(normalizeText("Café—“Ærø” ½ﬁ…ñ\tπ🐶\u0007中"));
    expect(suggestions.map(({ shown, suggestion }) => [shown, suggestion])).toEqual([
      ["é", "e"],
      ["—", "-"],
      ["“", '"'],
      ["Æ", "AE"],
      ["ø", "o"],
      ["”", '"'],
      ["½", "1/2"],
      ["ﬁ", "fi"],
      ["…", "..."],
      ["ñ", "n"],
      ["U+0009", " "],
      ["π", null],
      ["🐶", null],
      ["U+0007", null],
      ["中", null],
    ]);
  });
});
