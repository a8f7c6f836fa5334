import { describe, expect, it } from "vitest";
import { asRows, formatValue, humanise } from "./metrics";

describe("asRows", () => {
  it("takes an object of flat objects for a table with named rows", () => {
    expect(asRows({ test: { cider: 0.6 }, dev: { cider: 0.5 } })).toEqual([
      ["test", { cider: 0.6 }],
      ["dev", { cider: 0.5 }],
    ]);
  });

  it("takes a list of flat objects for a table without names", () => {
    expect(asRows([{ beam: 1 }, { beam: 2 }])).toEqual([
      ["", { beam: 1 }],
      ["", { beam: 2 }],
    ]);
  });

  it("takes nothing else for a table", () => {
    expect(asRows({ cider: 0.6 })).toBeUndefined();
    expect(asRows({ test: { scores: { cider: 0.6 } } })).toBeUndefined();
    expect(asRows([1, 2])).toBeUndefined();
    expect(asRows(0.6)).toBeUndefined();
  });
});

it.each([
  ["beamWidth", "beam width"],
  ["test_photos", "test photos"],
  ["bleu4", "BLEU-4"],
  ["rouge_l", "ROUGE-L"],
  ["CIDEr", "CIDEr"],
  ["ciderWithoutCoco", "CIDEr without coco"],
])("writes the key %s as %s", (key, text) => {
  expect(humanise(key)).toBe(text);
});

it.each([
  [0.612345, "0.6123"],
  [1000, "1,000"],
  [null, "–"],
  [["a", 2], "a, 2"],
])("writes the value %j as %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});
