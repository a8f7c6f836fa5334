import { expect, it } from "vitest";
import { MAX_SENTENCE_LENGTH, MAX_SENTENCES } from "@/lib/stories/options";
import { cutSentence, splitSentences, toAsked } from "./story";

it.each([
  ["Mary went out. John stayed!  Where? Here", ["Mary went out.", "John stayed!", "Where?", "Here"]],
  ["1 Mary went out.\n2 John stayed.\r\n\n", ["Mary went out.", "John stayed."]],
  ["  ", []],
])("parts %j into sentences", (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});

it("asks about the sentences that say something", () => {
  expect(toAsked({ story: ["", "Mary left.", "?!"], question: "Where is Mary?" })).toEqual({
    story: ["Mary left."],
    question: "Where is Mary?",
  });
  expect(toAsked({ story: ["Mary left."], question: " ?" })).toBeUndefined();
  expect(toAsked({ story: ["", "…"], question: "Where?" })).toBeUndefined();
});

it("asks no more than can be asked", () => {
  const asked = toAsked({ story: Array(MAX_SENTENCES + 5).fill("a".repeat(300)), question: "b".repeat(300) });
  expect(asked?.story).toHaveLength(MAX_SENTENCES);
  expect(asked?.story[0]).toHaveLength(MAX_SENTENCE_LENGTH);
  expect(asked?.question).toHaveLength(MAX_SENTENCE_LENGTH);
  expect(cutSentence("a\nb\tc")).toBe("a b c");
});
