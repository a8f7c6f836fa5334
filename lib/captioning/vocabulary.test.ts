import { describe, expect, it } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { joinWords, mirrorTokens, parseVocabulary } from "./vocabulary";

const valid = {
  words: ["<start>", "<end>", "<unk>", "a", "dog"],
  maxLength: 20,
  lengthPenalty: 0.7,
  documents: 9,
  phrases: { "3": 9, "3 4": 2 },
};

describe("parseVocabulary", () => {
  it("finds the special tokens wherever they stand", () => {
    const words = ["a", "<unk>", "<end>", "<start>"];
    expect(parseVocabulary(JSON.stringify({ ...valid, words }))).toEqual({
      words,
      maxLength: 20,
      lengthPenalty: 0.7,
      frequencies: {
        documents: 9,
        phrases: new Map([
          ["3", 9],
          ["3 4", 2],
        ]),
      },
      startToken: 3,
      endToken: 2,
      unknownToken: 1,
    });
  });

  it.each([
    ["not JSON", "{"],
    ["not an object", "null"],
    ["no words", JSON.stringify({ ...valid, words: undefined })],
    ["an empty word", JSON.stringify({ ...valid, words: [...valid.words, ""] })],
    ["a word twice", JSON.stringify({ ...valid, words: [...valid.words, "dog"] })],
    ["no end token", JSON.stringify({ ...valid, words: ["<start>", "<unk>", "a"] })],
    ["maxLength 0", JSON.stringify({ ...valid, maxLength: 0 })],
    ["maxLength 2.5", JSON.stringify({ ...valid, maxLength: 2.5 })],
    ["documents 0", JSON.stringify({ ...valid, documents: 0 })],
    ["no phrases", JSON.stringify({ ...valid, phrases: undefined })],
    ["a phrase in more than all documents", JSON.stringify({ ...valid, phrases: { "3": 10 } })],
    ["a phrase that is not counted", JSON.stringify({ ...valid, phrases: { "3": "9" } })],
    ["lengthPenalty -1", JSON.stringify({ ...valid, lengthPenalty: -1 })],
  ])("refuses %s", (_, json) => {
    expect(() => parseVocabulary(json)).toThrow(InklingError);
    expect(() => parseVocabulary(json)).toThrow(expect.objectContaining({ code: "model_unavailable" }));
  });
});

describe("joinWords", () => {
  it.each([
    [["a", "dog", "'s", "toy"], "a dog's toy"],
    [["the", "boys", "'", "ball"], "the boys ' ball"],
    [["they", "do", "n't", "run"], "they don't run"],
    [["n't"], "n't"],
    [["a", "red", "shirt"], "a red shirt"],
  ])("%j", (words, text) => {
    expect(joinWords(words)).toBe(text);
  });
});

describe("mirrorTokens", () => {
  const parse = (words: string[]) =>
    parseVocabulary(JSON.stringify({ ...valid, words: [...valid.words.slice(0, 3), ...words], phrases: {} }));

  it("lets left and right change places", () => {
    const vocabulary = parse(["left", "a", "right"]);
    expect(mirrorTokens([4, 3, 5, 3], vocabulary)).toEqual([4, 5, 3, 5]);
  });

  it("leaves a side alone whose other the vocabulary lacks", () => {
    expect(mirrorTokens([3, 4], parse(["left", "a"]))).toEqual([3, 4]);
  });
});
