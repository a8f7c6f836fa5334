import { expect, it } from "vitest";
import stored from "@/models/language/map.json";
import { type Label, layOut } from "./label-layout";

const SIZES = [
  { width: 900, height: 620, font: 15 },
  { width: 328, height: 380, font: 13 },
] as const;

it("lets labels stand apart, those asked for first, whatever is looked at", () => {
  for (const size of SIZES) {
    for (const map of [stored.words, stored.characters]) {
      const points = map.map(({ text, x, y }) => ({ text, x: x * size.width, y: y * size.height }));
      for (const [index, { neighbours }] of map.entries()) {
        const labels = layOut(points, [index, ...neighbours], size);
        expect(labels.slice(0, 7).map((label) => label.index)).toEqual([index, ...neighbours]);
        const textOf = (label: Label) => points[label.index]?.text ?? "";
        const covered = labels.slice(0, 7).flatMap((a, i) =>
          labels.slice(i + 1).filter((b) => {
            const letters = (textOf(a).length + textOf(b).length) / 2;
            return Math.abs(a.x - b.x) < letters * 0.55 * size.font && Math.abs(a.y - b.y) < size.font * 1.1;
          }),
        );
        expect(covered.map(textOf)).toEqual([]);
      }
    }
  }
});

it("leaves a free label at its point, and one at the edge inside", () => {
  const size = { width: 100, height: 100, font: 10 };
  const [free, edge] = layOut(
    [
      { text: "a", x: 50, y: 50 },
      { text: "wide", x: 0, y: 100 },
    ],
    [0, 1],
    size,
  );
  expect(free).toEqual({ index: 0, x: 50, y: 50, isAside: false });
  expect(edge?.x).toBeGreaterThan(12);
  expect(edge?.y).toBeLessThan(95);
});
