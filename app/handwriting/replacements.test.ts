import fc from "fast-check";
import { expect, it } from "vitest";
import { findUnsupported } from "@/lib/handwriting/characters";
import { replaceUnsupported } from "./replacements";

it("replaces what has a likeness, and leaves out what has none", () => {
  expect(replaceUnsupported("“Cafe\u0301” – привет 😀!\r\nok")).toBe('"Cafe" -  !\nok');
});

it("leaves nothing that cannot be written, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(findUnsupported(replaceUnsupported(text))).toEqual([]);
    }),
  );
});
