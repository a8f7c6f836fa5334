import { describe, expect, it } from "vitest";
import { parseVocabulary, UNKNOWN } from "./vocabulary";

const valid = {
  words: ["<pad>", "<unk>", "what", "color"],
  aliases: { colour: "color" },
  answers: ["yes", "2"],
  maxLength: 30,
};

describe("parseVocabulary", () => {
  it("knows words, other spellings of them, and what it does not know", () => {
    const { idOf, ...rest } = parseVocabulary(JSON.stringify(valid));
    expect(rest).toEqual({ words: valid.words, answers: valid.answers, maxLength: 30 });
    expect(["what", "color", "colour", "<unk>", "colours", "constructor", ""].map(idOf)).toEqual([
      ...[2, 3, 3, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN],
    ]);
  });

  it.each([
    ["not JSON", "{"],
    ["not an object", "null"],
    ["no words", JSON.stringify({ ...valid, words: undefined })],
    ["an empty word", JSON.stringify({ ...valid, words: [...valid.words, ""] })],
    ["a word twice", JSON.stringify({ ...valid, words: [...valid.words, "what"] })],
    ["words in another order", JSON.stringify({ ...valid, words: ["<unk>", "<pad>", "what", "color"] })],
    ["no answers", JSON.stringify({ ...valid, answers: [] })],
    ["an answer twice", JSON.stringify({ ...valid, answers: ["2", "2"] })],
    ["answers that are no texts", JSON.stringify({ ...valid, answers: [2] })],
    ["no aliases", JSON.stringify({ ...valid, aliases: undefined })],
    ["an alias for an unknown word", JSON.stringify({ ...valid, aliases: { grey: "gray" } })],
    ["maxLength 0", JSON.stringify({ ...valid, maxLength: 0 })],
    ["maxLength 2.5", JSON.stringify({ ...valid, maxLength: 2.5 })],
  ])("refuses %s", (_, json) => {
    expect(() => parseVocabulary(json)).toThrow(expect.objectContaining({ code: "model_unavailable" }));
  });
});
