import { describe, expect, it } from "vitest";
import { paceInk } from "../rhythm";
import type { Stroke } from "../types";
import { toAnimatedSvg } from "./animated-svg";

const strokes: Stroke[] = [
  Array.from({ length: 60 }, (_, index) => [index * 2, 10 * Math.sin(index / 4)] as const),
  [],
  [[130, -20]],
];
const options = { color: "#182034", width: 2, speed: 2, text: `"a" <b> & c\u0000` };
const svg = toAnimatedSvg(strokes, options);

/** What an attribute of each path says. */
const attributes = (name: string) =>
  [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => value ?? "");

describe("toAnimatedSvg", () => {
  it("has a path for each stroke with ink, begun when the pen gets there", () => {
    expect(attributes("d")).toHaveLength(2);
    const { times } = paceInk(strokes);
    const delays = attributes("style").map((style) => Number(/delay:([\d.]+)ms/.exec(style)?.[1]));
    expect(delays[0]).toBe(0);
    expect(delays[1]).toBeCloseTo((times[2]?.[0] as number) / options.speed, 1);
    const durations = attributes("style").map((style) => Number(/duration:([\d.]+)ms/.exec(style)?.[1]));
    expect(durations[0]).toBeCloseTo((times[0]?.at(-1) as number) / options.speed, 1);
  });

  it("follows the rhythm: the easing rises from 0 to 1 in time and length", () => {
    const easing = /linear\(([^)]*)\)/.exec(attributes("style")[0] ?? "")?.[1] ?? "";
    const stops = easing.split(",").map((stop) => stop.split(" ").map(Number.parseFloat) as [number, number]);
    expect(stops[0]).toEqual([0, 0]);
    expect(stops.at(-1)).toEqual([1, 100]);
    stops.slice(1).forEach(([part, time], index) => {
      expect(part).toBeGreaterThan(stops[index]?.[0] as number);
      expect(time).toBeGreaterThan(stops[index]?.[1] as number);
    });
    // A wave is not gone along at one speed.
    expect(stops.some(([part, time]) => Math.abs(part - time / 100) > 0.002)).toBe(true);
  });

  it("rests where motion is not wanted, and holds the ink within its frame", () => {
    expect(svg).toContain("prefers-reduced-motion:no-preference");
    const [x = 0, y = 0, width = 0, height = 0] = (attributes("viewBox")[0] ?? "").split(" ").map(Number);
    for (const [px, py] of strokes.flat()) {
      expect(px).toBeGreaterThan(x);
      expect(px).toBeLessThan(x + width);
      expect(py).toBeGreaterThan(y);
      expect(py).toBeLessThan(y + height);
    }
  });

  it("holds any text, with or without a ground", () => {
    expect(svg).toContain("<title>&quot;a&quot; &lt;b> &amp; c</title>");
    expect(svg).not.toContain("<rect");
    expect(toAnimatedSvg([], { ...options, background: "#fff" })).toContain('fill="#fff"');
  });
});
