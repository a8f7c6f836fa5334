import fc from "fast-check";
import { expect, it } from "vitest";
import { groupWords, joinSubwords, splitSubwords } from "./subwords";

const MERGES = ["lo", "er", "▁lo", "▁low", "low", "lower"];
const idOf = (piece: string) => {
  const id = MERGES.indexOf(piece);
  return id < 0 ? undefined : id;
};

it.each([
  // An earlier merge goes first, whatever a later one would make of it.
  ["low lower", ["▁low", "▁low", "er"]],
  ["lolo xlow", ["▁lo", "lo", "▁", "x", "low"]],
  ["w", ["▁", "w"]],
])("splits %j", (text, pieces) => {
  expect(splitSubwords(text, idOf)).toEqual(pieces);
});

it("loses nothing: pieces joined are the text", () => {
  const word = fc.stringMatching(/^[lower.]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const text = words.join(" ");
      const pieces = splitSubwords(text, idOf);
      expect(joinSubwords(pieces)).toBe(text);
      expect(groupWords(pieces).map((places) => joinSubwords(places.map((at) => pieces[at] as string)))).toEqual(words);
    }),
  );
});

it("groups what comes before the first beginning with it", () => {
  expect(groupWords(["ка", "▁во", "кзал", "?"])).toEqual([[0], [1, 2, 3]]);
  expect(groupWords([])).toEqual([]);
});
