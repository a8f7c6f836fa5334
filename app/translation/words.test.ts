import { expect, it } from "vitest";
import { toSourceWords, toTargetWords } from "./words";

const SOURCE = [" W", "here", " is", " it", "?", "<end>"];

it("makes words of tokens, with the end as one", () => {
  expect(toSourceWords(SOURCE)).toEqual([
    { text: "Where", tokens: [0, 1] },
    { text: "is", tokens: [2] },
    { text: "it?", tokens: [3, 4] },
    { text: "end", tokens: [5] },
  ]);
  expect(toSourceWords(["<end>"])).toEqual([{ text: "end", tokens: [0] }]);
});

it("sums attention over a source word's tokens, and takes the mean over a target word's", () => {
  const tokens = [
    { text: " Где", logProbability: Math.log(0.5), attention: [0.4, 0.4, 0, 0.1, 0.1, 0] },
    { text: " о", logProbability: Math.log(0.5), attention: [0, 0, 0, 1, 0, 0] },
    { text: "но?", logProbability: Math.log(0.5), attention: [0, 0, 0, 0, 0.5, 0.5] },
  ];
  const translation = { text: "Где оно?", score: -1, agreement: 1, logProbability: -2, tokens };
  const words = toTargetWords(translation, toSourceWords(SOURCE));
  expect(words.map(({ text }) => text)).toEqual(["Где", "оно?"]);
  expect(words[0]?.probability).toBeCloseTo(0.5);
  expect(words[1]?.probability).toBeCloseTo(0.25);
  [0.8, 0, 0.2, 0].forEach((weight, at) => {
    expect(words[0]?.attention?.[at]).toBeCloseTo(weight);
  });
  [0, 0, 0.75, 0.25].forEach((weight, at) => {
    expect(words[1]?.attention?.[at]).toBeCloseTo(weight);
  });
  const silent = tokens.map(({ text, logProbability }) => ({ text, logProbability }));
  expect(toTargetWords({ ...translation, tokens: silent }, toSourceWords(SOURCE))[0]?.attention).toBeUndefined();
});
