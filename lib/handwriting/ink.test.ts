import { describe, expect, it } from "vitest";
import { findFrame, MAX_POINTS, type Path, resample, toOffsets, toPaths } from "./ink";

/** Five words of loops on a line that rises: the ink of which Python's numbers below are. */
const WORDS: Path[] = Array.from({ length: 5 }, (_, word) =>
  Float64Array.from(
    Array.from({ length: 60 }, (_, point) => {
      const turn = point / 6;
      const x = 40 + word * 170 + point * 2.2 + 8 * Math.sin(2 * turn);
      return [x, 300 - 30 * Math.cos(2 * turn) * (word % 2 === 1 && point < 20 ? 1.9 : 1) - 0.04 * x];
    }).flat(),
  ),
);

const points = (path: Path) => Array.from({ length: path.length / 2 }, (_, i) => [path[2 * i], path[2 * i + 1]]);

describe("resample", () => {
  it("puts points at a constant distance, as training does", () => {
    expect(points(resample(Float64Array.of(0, 0, 3, 4, 3, 4, 10, 4), 2))).toEqual(
      [
        [0, 0],
        [1.2, 1.6],
        [2.4, 3.2],
        [4, 4],
        [6, 4],
        [8, 4],
        [10, 4],
      ].map(([x, y]) => [expect.closeTo(x as number, 9), expect.closeTo(y as number, 9)]),
    );
    const smoothed = resample(Float64Array.of(0, 0, 3, 4, 10, 4), 1, 0.7);
    expect(smoothed[0]).toBeCloseTo(0, 9);
    expect(smoothed[2]).toBeCloseTo(0.5918660891637452, 9);
    expect(smoothed[7]).toBeCloseTo(2.367382519351005, 9);
  });

  it("makes a dot of what is shorter than half a step", () => {
    expect(points(resample(Float64Array.of(1, 1, 1.2, 1), 1))).toEqual([[1.1, 1]]);
    expect(points(resample(Float64Array.of(1, 1), 1, 0.5))).toEqual([[1, 1]]);
  });
});

describe("findFrame and toOffsets", () => {
  it("find what training finds", () => {
    const frame = findFrame(WORDS, "hello minim");
    expect(frame.xHeight).toBeCloseTo(59.783843809587715, 6);
    expect(frame.baseline).toBeCloseTo(330.4477904137052, 6);
    expect(frame.slope).toBeCloseTo(-0.03996785064777855, 9);
    const short = findFrame(WORDS, "ag");
    expect([short.xHeight, short.baseline, short.slope]).toEqual([
      expect.closeTo(61.63475323582841, 6),
      expect.closeTo(301.93964374107054, 6),
      0,
    ]);
    const { offsets, isCut } = toOffsets(WORDS, frame, "hello minim");
    expect(isCut).toBe(false);
    expect(offsets).toHaveLength(3 * 187);
    expect(offsets[1]).toBeCloseTo(-5.055636882781982, 4);
    expect(offsets[3]).toBeCloseTo(0.7828255891799927, 4);
    expect(offsets[300]).toBeCloseTo(0.3533429205417633, 4);
    expect(Array.from(offsets.slice(-3))).toEqual([expect.closeTo(0.76339, 4), expect.closeTo(0.63502, 4), 1]);
    const sum = (axis: number) => offsets.filter((_, index) => index % 3 === axis).reduce((a, b) => a + b, 0);
    expect(sum(0)).toBeCloseTo(68.2152, 2);
    expect(sum(2)).toBe(5);
  });

  it("do not depend on scale and place", () => {
    const strokes = WORDS.map((path) => points(path) as [number, number][]);
    const scaled = [1e-6, 1, 1e6].map((scale) => {
      const paths = toPaths({
        strokes: strokes.map((stroke) => stroke.map(([x, y]) => [x * scale + 5, y * scale - 7])),
      });
      return toOffsets(paths, findFrame(paths, "hello minim"), "hello minim").offsets;
    });
    expect(scaled[0]).toHaveLength(3 * 187);
    for (const offsets of scaled) {
      offsets.forEach((value, index) => {
        expect(value).toBeCloseTo(scaled[1]?.[index] as number, 2);
      });
    }
  });

  it("close white that is wider than between words", () => {
    const far = WORDS.map((path, word) =>
      path.map((value, index) => (index % 2 ? value : value + (word > 2 ? 5000 : 0))),
    );
    const widths = [WORDS, far].map((paths) => {
      const { offsets } = toOffsets(paths, { xHeight: 60, baseline: 330, slope: 0 }, "two words");
      return offsets.filter((_, index) => index % 3 === 0).reduce((a, b) => a + b, 0);
    });
    expect(widths[1]).toBeLessThan((widths[0] as number) + 2.5 * 5);
  });

  it.each([
    [
      "a point twice",
      [
        [
          [3, 3],
          [3, 3],
        ],
      ],
    ],
    ["single points", [[[1, 1]], [[2, 1]], [[2, 1]]]],
    [
      "a level line",
      [
        [
          [0, 0],
          [1e5, 0],
        ],
      ],
    ],
    [
      "an upright line",
      [
        [
          [0, 0],
          [0, 1e-5],
        ],
      ],
    ],
    ["a scribble of a thousand widths", [Array.from({ length: 20_000 }, (_, i) => [i % 2, i * 1e-9])]],
    [
      "huge numbers",
      [
        [
          [1e9, -1e9],
          [-1e9, 1e9],
        ],
      ],
    ],
  ])("make something of %s", (_, strokes) => {
    const paths = toPaths({ strokes: strokes as [number, number][][] });
    for (const text of ["a", "The quick", "..."]) {
      const { offsets } = toOffsets(paths, findFrame(paths, text), text);
      expect(offsets.length).toBeGreaterThan(0);
      expect(offsets.length).toBeLessThanOrEqual(3 * MAX_POINTS);
      expect(offsets.every(Number.isFinite)).toBe(true);
      expect(offsets.at(-1)).toBe(1);
    }
  });
});
