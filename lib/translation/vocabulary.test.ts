import { expect, it } from "vitest";
import { parseVocabulary } from "./vocabulary";

const SPECIAL = ["<pad>", "<unk>", "<start>", "<end>"];
const GOOD = { english: [...SPECIAL, "▁I", "a"], russian: [...SPECIAL, "▁Я"], maxLength: 9, lengthPenalty: 1 };

it("finds pieces, and the tokens that are no text", () => {
  const vocabulary = parseVocabulary(JSON.stringify(GOOD));
  expect(vocabulary).toMatchObject({ ...GOOD, startToken: 2, endToken: 3, unknownToken: 1, mayStutter: true });
  expect(["▁I", "a", "b", "constructor"].map(vocabulary.idOf)).toEqual([4, 5, undefined, undefined]);
});

it.each([
  ["text", "no json", /not JSON/],
  ["null", "null", /not an object/],
  ["no pieces", { ...GOOD, english: undefined }, /english is not a list/],
  ["an empty piece", { ...GOOD, russian: [...SPECIAL, ""] }, /russian is not a list/],
  ["pieces in another order", { ...GOOD, russian: ["▁Я", ...SPECIAL] }, /russian does not begin/],
  ["a piece twice", { ...GOOD, english: [...GOOD.english, "a"] }, /listed twice/],
  ["no length", { ...GOOD, maxLength: 0 }, /maxLength/],
  ["a penalty over 1", { ...GOOD, lengthPenalty: 1.5 }, /lengthPenalty/],
])("refuses %s", (_, value, reason) => {
  expect(() => parseVocabulary(typeof value === "string" ? value : JSON.stringify(value))).toThrow(reason);
});
