import { expect, it } from "vitest";
import { BEFORE_INK } from "@/lib/handwriting/rhythm";
import { characterAt } from "./character-at";

it("finds the character that is written, and of those with one point the last", () => {
  const characters = [
    { text: "a", stroke: 0, point: 0 },
    { text: "b", stroke: 0, point: 5 },
    { text: " ", stroke: 2, point: 0 },
    { text: "c", stroke: 2, point: 0 },
  ];
  const at = (stroke: number, point: number) => characters[characterAt(characters, { stroke, point })]?.text;
  expect(characterAt(characters, BEFORE_INK)).toBe(-1);
  expect([at(0, 0), at(0, 4), at(0, 5), at(1, 9), at(2, 0), at(3, 3)]).toEqual(["a", "a", "b", "b", "c", "c"]);
  expect(characterAt([], BEFORE_INK)).toBe(-1);
});
