import { expect, it } from "vitest";
import { parseVocabulary, UNKNOWN } from "./vocabulary";

const GOOD = { words: ["<pad>", "<unk>", "mary", "went"], answers: ["kitchen", "apple,milk"] };

it("finds words, and says of the others that they are unknown", () => {
  const { words, answers, idOf } = parseVocabulary(JSON.stringify(GOOD));
  expect({ words, answers }).toEqual(GOOD);
  expect(["mary", "went", "zebra", "constructor", ""].map(idOf)).toEqual([2, 3, UNKNOWN, UNKNOWN, UNKNOWN]);
});

it.each([
  ["text", "no json", /not JSON/],
  ["null", "null", /not an object/],
  ["no words", { ...GOOD, words: undefined }, /words is not/],
  ["words in another order", { ...GOOD, words: ["mary", "<unk>"] }, /does not begin/],
  ["a word twice", { ...GOOD, words: [...GOOD.words, "mary"] }, /word is listed twice/],
  ["no answers", { ...GOOD, answers: [] }, /answers is not/],
  ["an answer twice", { ...GOOD, answers: ["yes", "yes"] }, /answer is listed twice/],
])("refuses %s", (_, value, reason) => {
  expect(() => parseVocabulary(typeof value === "string" ? value : JSON.stringify(value))).toThrow(reason);
});
