import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findUnsupported, replaceUnsupported } from "./characters";

describe("characters that are not written", () => {
  it("are each named once, with what to write in their place", () => {
    expect(
      findUnsupported("“Ça va?” – né à Köln 😀\t\u0000").map(({ name, replacement }) => [name, replacement]),
    ).toEqual(
      [
        ["“", '"'],
        ["Ç", "C"],
        ["”", '"'],
        ["–", "-"],
        ["é", "e"],
        ["à", "a"],
        ["ö", "oe"],
        ["😀", ""],
        ["the tab", " "],
        ["U+0000", ""],
      ].map(([name, replacement]) => [(name as string).length < 3 ? `“${name}”` : name, replacement]),
    );
    expect(findUnsupported("Plain text, 100% of it:\n~{}|^")).toEqual([]);
  });

  it("are replaced wherever there is something like them", () => {
    expect(replaceUnsupported("cafe\u0301 ﬁn ½ привет Ａ")).toBe("cafe fin 1/2  A");
    expect(replaceUnsupported("a\u00a0b")).toBe("a b");
  });

  it("are all gone when they have been replaced, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(findUnsupported(replaceUnsupported(text))).toEqual([]);
      }),
    );
  });
});
