import { describe, expect, it } from "vitest";
import type { Point, Writing } from "@/lib/handwriting/types";
import { densityAt, InkTrace } from "./trace";

const dots = (length: number): Point[] => Array.from({ length }, (_, index) => [index, 0]);

/** Two lines, "ab" of five points in two strokes, and "c" of two points. */
const writing: Writing = {
  strokes: [dots(3), dots(2), dots(2)],
  origin: [0, 0],
  lines: [
    { baseline: 0, stroke: 0, strokes: 2 },
    { baseline: 90, stroke: 2, strokes: 1 },
  ],
  width: 3,
  height: 90,
  characters: [
    { text: "a", stroke: 0, point: 0 },
    { text: "b", stroke: 1, point: 0 },
    { text: "\n", stroke: 2, point: 0 },
    { text: "c", stroke: 2, point: 0 },
  ],
  seed: 1,
  style: null,
  text: "ab\nc",
  warnings: [],
  points: 7,
};

/** Rows whose window is on the column of their number, and whose one Gaussian's mean is their number. */
function trace(line: number, attempt: number, point: number, points: number, text: string) {
  const columns = text.length + 1;
  const phi = new Float32Array(points * columns);
  const mixture = new Float32Array(points * 6);
  for (let index = 0; index < points; index++) {
    phi[index * columns + ((point + index) % columns)] = 1;
    mixture.set([1, point + index, 0, 0.5, 0.5, 0], index * 6);
  }
  return { line, attempt, point, text, phi, mixture };
}

describe("InkTrace", () => {
  it("finds what was seen at a point, over strokes and chunks", () => {
    const traced = new InkTrace();
    traced.add(trace(0, 0, 0, 3, "ab"));
    traced.add(trace(0, 0, 3, 3, "ab"));
    traced.add(trace(1, 0, 0, 2, "me c"));
    expect(traced.at(writing, { stroke: 0, point: 1 })).toMatchObject({ phi: [0, 1], from: 0 });
    expect(traced.at(writing, { stroke: 1, point: 0 })).toMatchObject({
      phi: [1, 0],
      next: [{ meanX: 16, deviationX: 2 }],
    });
    expect(traced.at(writing, { stroke: 1, point: 1 })?.next).toBeUndefined();
    // The prime's text is left out.
    expect(traced.at(writing, { stroke: 2, point: 0 })?.phi).toEqual([0]);
    expect(traced.at(writing, { stroke: 0, point: -1 })).toBeUndefined();
    expect(traced.at(writing, { stroke: 9, point: 0 })).toBeUndefined();
  });

  it("knows of a dream what comes next, and of no characters", () => {
    const dream: Writing = { ...writing, text: "", characters: [] };
    const traced = new InkTrace();
    traced.add(trace(0, 0, 0, 3, ""));
    traced.add(trace(0, 0, 3, 3, ""));
    traced.add(trace(1, 0, 0, 2, ""));
    expect(traced.at(dream, { stroke: 1, point: 0 })).toMatchObject({ phi: [], next: [{ meanX: 16 }] });
    expect(traced.at(dream, { stroke: 2, point: 0 })).toMatchObject({ phi: [], next: [{ meanX: 4 }] });
  });

  it("forgets a line that was withdrawn", () => {
    const traced = new InkTrace();
    traced.add(trace(0, 0, 0, 5, "ab"));
    traced.add(trace(0, 1, 0, 2, "ab"));
    expect(traced.at(writing, { stroke: 0, point: 1 })).toBeDefined();
    expect(traced.at(writing, { stroke: 0, point: 2 })).toBeUndefined();
  });
});

it("sums a density that integrates to one", () => {
  const mixture = [
    { weight: 0.25, meanX: 1, meanY: 0, deviationX: 1, deviationY: 2, correlation: 0.6 },
    { weight: 0.75, meanX: -2, meanY: 1, deviationX: 0.8, deviationY: 0.5, correlation: -0.3 },
  ];
  let sum = 0;
  for (let x = -10; x < 10; x += 0.1) for (let y = -10; y < 10; y += 0.1) sum += densityAt(mixture, x, y) * 0.01;
  expect(sum).toBeCloseTo(1, 3);
});
