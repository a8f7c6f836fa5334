import { describe, expect, it } from "vitest";
import { agreements, chrF } from "./agreement";

describe("chrF", () => {
  it.each([
    // sacrebleu 2.6.0, CHRF().sentence_score
    ["Я читаю книгу.", "Я читал книгу.", 0.5847101972101971],
    ["Он дома.", "Где вокзал?", 0.05319148936170212],
    ["Да.", "Да, конечно.", 0.14621968616262482],
    ["Да.", "Да.", 1],
    ["Да", "Он", 0],
  ])("of %s for %s is sacrebleu's", (translation, reference, expected) => {
    expect(chrF(translation, reference)).toBeCloseTo(expected, 12);
  });
});

describe("agreements", () => {
  it("are largest where the others agree, be its score the lower", () => {
    const found = [
      { text: "Где вокзал?", score: -0.5 },
      { text: "Он читает книгу.", score: -0.6 },
      { text: "Он читает книги.", score: -0.7 },
    ];
    const [first, second, third] = agreements(found) as [number, number, number];
    expect(first).toBeLessThan(second);
    expect(third).toBeLessThan(second);
  });

  it("follow the scores where two have nothing in common", () => {
    expect(
      agreements([
        { text: "Да", score: -1 },
        { text: "Он", score: -1 - Math.log(3) },
      ]),
    ).toEqual([0.75, 0.25]);
  });

  it("are whole for one alone", () => {
    expect(agreements([{ text: "Да.", score: -3 }])).toEqual([1]);
  });
});
