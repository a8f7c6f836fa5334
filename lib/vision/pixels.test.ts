import { describe, expect, it } from "vitest";
import { mirrorPixels, SIDE } from "./pixels";

describe("mirrorPixels", () => {
  const data = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) => index);

  it("turns every row of every channel round, and leaves the picture as it is", () => {
    const mirrored = mirrorPixels(data);
    for (const [channel, y, x] of [
      [0, 0, 0],
      [1, 5, 17],
      [2, SIDE - 1, SIDE - 1],
    ] as const) {
      const row = (channel * SIDE + y) * SIDE;
      expect(mirrored[row + x]).toBe(data[row + SIDE - 1 - x]);
    }
    expect(data[1]).toBe(1);
    expect(mirrorPixels(mirrored)).toEqual(data);
  });
});
