import { expect, it } from "vitest";
import { formatScore, parseMetrics } from "./metrics";

it("parts the rows by their data, with every column that one of them has", () => {
  const rows = [
    { model: "app, beam 4", data: "flickr8k dev", CIDEr: 60.12, "BLEU-4": 23 },
    { model: "frozen", data: "flickr8k dev", CIDEr: 47.3, "words used": 312 },
    { model: "app, beam 4", data: "coco dev", CIDEr: 35.5 },
  ];
  expect(parseMetrics(JSON.stringify({ rows }))).toEqual([
    {
      data: "flickr8k dev",
      columns: ["CIDEr", "BLEU-4", "words used"],
      rows: [
        { model: "app, beam 4", values: { CIDEr: 60.12, "BLEU-4": 23 } },
        { model: "frozen", values: { CIDEr: 47.3, "words used": 312 } },
      ],
    },
    { data: "coco dev", columns: ["CIDEr"], rows: [{ model: "app, beam 4", values: { CIDEr: 35.5 } }] },
  ]);
});

it("refuses another format", () => {
  expect(() => parseMetrics('{"rows":[{"model":"app"}]}')).toThrow();
  expect(() => parseMetrics('{"rows":[{"model":"app","data":"dev","CIDEr":"high"}]}')).toThrow();
});

it.each([
  [60.123, "60.1"],
  [1312, "1,312"],
  [undefined, "–"],
])("writes the score %s as %s", (value, text) => {
  expect(formatScore(value)).toBe(text);
});
