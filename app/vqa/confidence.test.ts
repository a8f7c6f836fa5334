import { expect, it } from "vitest";
import { comparePrior, describeConfidence } from "./confidence";

const answersOf = (...probabilities: number[]) =>
  probabilities.map((probability, index) => ({ text: ["yes", "no", "maybe"][index] ?? "", probability }));
const words = (...known: boolean[]) => known.map((each) => ({ text: "word", importance: 0, known: each }));

it.each([
  ["an answer that stands out", answersOf(0.8, 0.1), undefined],
  ["one that is right half of the time, and no other is near", answersOf(0.5, 0.1), undefined],
  ["one that is more often wrong than right", answersOf(0.49, 0.1), /^I am not sure: it is more likely/],
  ["two that are close", answersOf(0.52, 0.48), /^I am not sure: “no” is almost as likely/],
  ["a guess", answersOf(0.19, 0.18), /^I do not know/],
])("says of %s how sure it is", (_, answers, sentence) => {
  const said = describeConfidence({ answers, questionWords: words(true, false) });
  if (sentence) expect(said).toMatch(sentence);
  else expect(said).toBeUndefined();
});

it("says that it knows none of the words, however probable the answer", () => {
  expect(describeConfidence({ answers: answersOf(0.9), questionWords: words(false, false) })).toMatch(/none of these/);
});

it("says what the photo did", () => {
  expect(comparePrior({ answers: answersOf(0.8), withoutImage: answersOf(0.75) })).toMatch(/would say the same/);
  expect(comparePrior({ answers: answersOf(0.8), withoutImage: answersOf(0.4) })).toMatch(/surer/);
  expect(comparePrior({ answers: answersOf(0.8), withoutImage: [{ text: "red", probability: 0.9 }] })).toMatch(
    /changed/,
  );
});
