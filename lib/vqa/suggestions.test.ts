import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suggestQuestions } from "./suggestions";

const KINDS = ["object", "number", "color", "location", "yes/no"];

describe("suggestQuestions", () => {
  it.each([
    [
      ["two dogs run after a red ball"],
      [
        "What animals are these?",
        "How many dogs are there?",
        "What color is the ball?",
        "Where are the dogs?",
        "Is there a ball in the picture?",
      ],
    ],
    [
      ["a man in a blue shirt is standing on a beach"],
      [
        "What is the man holding?",
        "How many men are there?",
        "What color is the shirt?",
        "Where is the man?",
        "Is there a shirt in the picture?",
      ],
    ],
    [
      ["a group of people stand in front of a mountain"],
      [
        "What are the people holding?",
        "How many people are there?",
        "What color are their clothes?",
        "Where are the people?",
        "Are there any people in the picture?",
      ],
    ],
    [
      ["a cup of coffee on a wooden table", "an umbrella beside a cup", "a cup and an umbrella"],
      [
        "What is on the table?",
        "How many cups are there?",
        "What color is the cup?",
        "Where is the cup?",
        "Is there an umbrella in the picture?",
      ],
    ],
    [
      ["snow-covered mountains under a cloudy sky"],
      [
        "What is in the picture?",
        "How many people are there?",
        "What color is the background?",
        "Where was this picture taken?",
        "Is this picture taken outside?",
      ],
    ],
    [
      ["the boy 's dog jumps", "a cat", "a cat sleeps"],
      [
        "What is the boy holding?",
        "How many cats are there?",
        "What color is the cat?",
        "Where is the cat?",
        "Is there a boy in the picture?",
      ],
    ],
  ])("%j", (captions, questions) => {
    expect(suggestQuestions(captions)).toEqual(KINDS.map((kind, index) => ({ kind, question: questions[index] })));
  });

  it("asks one question of each kind, whatever the captions", () => {
    expect(suggestQuestions([]).map(({ kind }) => kind)).toEqual(KINDS);
    const word = fc.oneof(fc.constantFrom("dog", "men", "sheep", "red", "table", "on", "a", "2"), fc.string());
    fc.assert(
      fc.property(fc.array(fc.array(word).map((words) => words.join(" "))), (captions) => {
        const suggested = suggestQuestions(captions);
        expect(suggested.map(({ kind }) => kind)).toEqual(KINDS);
        for (const { question } of suggested) expect(question).toMatch(/^[A-Z][a-z' ]+\?$/);
      }),
    );
  });
});
