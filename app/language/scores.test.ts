import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SCORES } from "./scores";

it("says what the card says", () => {
  const card = readFileSync("models/language/card.md", "utf8");
  expect(card).toContain(`| app (int8 ONNX) | ${SCORES.network} |`);
  expect(card).toContain(`| 5-gram | ${SCORES.fiveGram} |`);
  expect(card).toContain(`| 7-gram | ${SCORES.sevenGram} |`);
  expect(card.replaceAll("\n", " ")).toContain(`needs ${SCORES.embeddings} bits a character`);
  expect(card.replaceAll("\n", " ")).toContain(`over one-hot vectors ${SCORES.oneHot}.`);
});
