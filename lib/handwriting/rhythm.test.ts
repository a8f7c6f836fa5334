import { describe, expect, it } from "vitest";
import { BEFORE_INK, GAIN, NO_INK, paceInk, penAt } from "./rhythm";
import type { Point, Stroke } from "./types";

/** An ellipse about the origin; its points are close enough for curvature to be that of the curve. */
function ellipse(a: number, b: number, points = 720): Stroke {
  return Array.from({ length: points }, (_, index): Point => {
    const angle = (2 * Math.PI * index) / points;
    return [a * Math.cos(angle), b * Math.sin(angle)];
  });
}

const line = (length: number): Stroke => Array.from({ length }, (_, index): Point => [index * 2, 0]);

describe("paceInk", () => {
  it("goes round a circle at one speed, which grows with the cube root of the radius", () => {
    for (const radius of [5, 10, 40]) {
      const [speeds = new Float64Array()] = paceInk([ellipse(radius, radius)]).speeds;
      expect(Math.min(...speeds)).toBeCloseTo(GAIN * radius ** (1 / 3), 3);
      expect(Math.max(...speeds)).toBeCloseTo(GAIN * radius ** (1 / 3), 3);
    }
  });

  it("keeps speed times the cube root of curvature constant along an ellipse", () => {
    const [a, b] = [40, 20];
    const [speeds = new Float64Array()] = paceInk([ellipse(a, b)]).speeds;
    const gains = speeds.map((speed, index) => {
      const angle = (2 * Math.PI * index) / speeds.length;
      const curvature = (a * b) / ((a * Math.sin(angle)) ** 2 + (b * Math.cos(angle)) ** 2) ** 1.5;
      return speed * curvature ** (1 / 3);
    });
    expect(Math.min(...gains) / GAIN).toBeCloseTo(1, 2);
    expect(Math.max(...gains) / GAIN).toBeCloseTo(1, 2);
  });

  it("slows down at a corner and a cusp, and limits the speed of a straight line", () => {
    const corner: Stroke = [...line(20), ...Array.from({ length: 20 }, (_, index): Point => [38, (index + 1) * 2])];
    const [speeds = new Float64Array()] = paceInk([corner]).speeds;
    expect(speeds.indexOf(Math.min(...speeds))).toBe(19);
    expect(Math.max(...speeds)).toBeCloseTo(GAIN * 100 ** (1 / 3), 6);
    const cusp: Stroke = [...line(20), ...[...line(19)].reverse()];
    const [atCusp = new Float64Array()] = paceInk([cusp]).speeds;
    expect(atCusp.indexOf(Math.min(...atCusp))).toBe(19);
  });

  it("never goes back in time, takes time for lifting the pen, and knows dots and empty strokes", () => {
    const ink = paceInk([
      line(30),
      [],
      [[70, -20]],
      [
        [0, 50],
        [0, 50],
      ],
      line(3),
    ]);
    const times = ink.times.flatMap((each) => [...each]);
    expect(times[0]).toBe(0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(ink.times.map(({ length }) => length)).toEqual([30, 0, 1, 2, 3]);
    expect(ink.times[2]?.[0]).toBeGreaterThan((ink.times[0]?.at(-1) as number) + 59);
    expect(ink.times[3]?.[0]).toBeGreaterThan((ink.times[2]?.[0] as number) + 60);
    expect(ink.duration).toBe(times.at(-1));
    expect(paceInk([])).toEqual(NO_INK);
    expect(paceInk([[[1, 1]]]).duration).toBeGreaterThan(0);
  });
});

describe("penAt", () => {
  const ink = paceInk([line(5), [], line(4)]);

  it("finds every point at its own time", () => {
    for (const [stroke, times] of ink.times.entries()) {
      for (const [point, time] of times.entries()) expect(penAt(ink, time)).toEqual({ stroke, point });
    }
  });

  it("stays at the last point while the pen is lifted and when all is written", () => {
    expect(penAt(ink, (ink.times[0]?.[4] as number) + 1)).toEqual({ stroke: 0, point: 4 });
    expect(penAt(ink, Number.POSITIVE_INFINITY)).toEqual({ stroke: 2, point: 3 });
    expect(penAt(ink, -1)).toEqual(BEFORE_INK);
    expect(penAt(NO_INK, 10)).toEqual(BEFORE_INK);
  });
});
