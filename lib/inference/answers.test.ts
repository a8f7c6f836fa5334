import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestAnswers } from "./answers";

describe("bestAnswers", () => {
  it("gives the most probable first, equal ones in the model's order, to six decimals", () => {
    const answers = bestAnswers(Float32Array.of(0.1, 0.35, 0.1234567, 0.35), ["a", "b", "c", "d"], 3);
    expect(answers).toEqual([
      { text: "b", probability: 0.35 },
      { text: "d", probability: 0.35 },
      { text: "c", probability: 0.123457 },
    ]);
  });

  it("agrees with sorting everything, and gives what there is when more is asked for", () => {
    const list = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 50 }), (values, count) => {
        const texts = values.map((_, index) => `answer ${index}`);
        const answers = bestAnswers(Float32Array.from(values), texts, count);
        expect(answers).toHaveLength(Math.min(count, values.length));
        const sorted = values.toSorted((a, b) => b - a);
        answers.forEach(({ text, probability }, rank) => {
          expect(probability).toBeCloseTo(sorted[rank] as number, 6);
          expect(probability).toBeCloseTo(values[texts.indexOf(text)] as number, 6);
        });
      }),
    );
  });
});
