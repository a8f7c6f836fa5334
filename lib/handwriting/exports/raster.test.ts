import { describe, expect, it } from "vitest";
import { rasterFrame } from "./raster";

describe("rasterFrame", () => {
  it("holds the ink and its margin, in even numbers of pixels", () => {
    const frame = rasterFrame(
      [
        [
          [-5, 10],
          [95, 31],
        ],
      ],
      1001,
    );
    expect(frame.width % 2).toBe(0);
    expect(frame.height % 2).toBe(0);
    expect(frame.width).toBeGreaterThanOrEqual(1000);
    expect(frame.scale).toBeCloseTo(1001 / 132);
    expect((95 - frame.left) * frame.scale).toBeLessThan(frame.width);
    expect((31 - frame.top) * frame.scale).toBeLessThan(frame.height);
    expect(frame.left).toBeLessThan(-5);
  });

  it("makes a picture no larger than canvases can be", () => {
    const { width, height } = rasterFrame(
      [
        [
          [0, 0],
          [10, 100_000],
        ],
      ],
      4000,
    );
    expect(width * height).toBeLessThan(16_100_000);
    expect(rasterFrame([], 400).width).toBe(400);
  });
});
