import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Stroke } from "../types";
import { DEFAULT_PLOT, plotHeight, toGcode } from "./gcode";

const strokes: Stroke[] = [
  [
    [0, 0],
    [10, 20],
  ],
  [[5, 10]],
];

describe("toGcode", () => {
  it("sets the pen down for each stroke and lifts it again, with Y upwards", () => {
    const code = toGcode(strokes, { width: 100, feed: 1200, penUp: 4, penDown: -0.5 });
    expect(code.split("\n").slice(1)).toEqual([
      "G21 ; millimetres",
      "G90 ; absolute coordinates",
      "G0 Z4 ; pen up",
      "G0 X0 Y200",
      "G1 Z-0.5 F1200",
      "G1 X100 Y0 F1200",
      "G0 Z4",
      "G0 X50 Y100",
      "G1 Z-0.5 F1200",
      "G0 Z4",
      "G0 X0 Y0",
      "M2 ; end",
      "",
    ]);
  });

  it("stays within its width and height, whatever the ink", () => {
    const point = fc.tuple(
      fc.double({ min: -500, max: 900, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    const drawn = fc.array(fc.array(point, { maxLength: 8 }), { maxLength: 6 });
    fc.assert(
      fc.property(drawn, fc.integer({ min: 10, max: 400 }), (ink, width) => {
        const height = plotHeight(ink, width);
        const places = [...toGcode(ink, { ...DEFAULT_PLOT, width }).matchAll(/X(\S+) Y(\S+)/g)];
        const outside = places.filter(([, x, y]) => {
          return !(Number(x) >= 0 && Number(x) <= width && Number(y) >= 0 && Number(y) <= height + 0.001);
        });
        expect(outside).toEqual([]);
      }),
    );
  });

  it("knows ink without width and no ink at all", () => {
    expect(
      toGcode(
        [
          [
            [3, 0],
            [3, 2],
          ],
        ],
        { ...DEFAULT_PLOT, width: 50 },
      ),
    ).toContain("G0 X0 Y100");
    expect(toGcode([], DEFAULT_PLOT)).not.toContain("G1");
    expect(plotHeight([], 100)).toBe(0);
  });
});
