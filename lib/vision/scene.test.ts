import { describe, expect, it } from "vitest";
import { SIDE } from "./pixels";
import { CHANGED, difference, luminanceOf } from "./scene";

/** A picture of one grey, with what `paint` puts there instead. */
function picture(paint: (x: number, y: number) => number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) rgba.fill(paint(x, y), (y * SIDE + x) * 4, (y * SIDE + x) * 4 + 4);
  }
  return rgba;
}

/** Pseudo-random numbers from -0.5 to 0.5. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

const ramp = (x: number, y: number) => (x + y) / 2;

describe("luminanceOf", () => {
  it("is the mean of each cell, weighed as the eye does", () => {
    const grey = luminanceOf(picture(() => 80));
    expect(grey).toHaveLength(196);
    expect(new Set(grey)).toEqual(new Set([80]));
    const green = picture(() => 0).map((_, at) => (at % 4 === 1 ? 255 : 0));
    expect(luminanceOf(green)[0]).toBe(Math.round(0.7152 * 255));
    expect(luminanceOf(picture((x) => (x < SIDE / 2 ? 200 : 0))).slice(0, 14)).toEqual(
      Uint8Array.from([200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0, 0, 0, 0]),
    );
  });
});

describe("difference", () => {
  const scene = luminanceOf(picture(ramp));

  it("passes over the noise of a camera and a breath of the exposure", () => {
    const random = noise(7);
    expect(difference(scene, luminanceOf(picture((x, y) => ramp(x, y) + 24 * random())))).toBeLessThan(CHANGED);
    expect(difference(scene, luminanceOf(picture((x, y) => ramp(x, y) + 1)))).toBeLessThan(CHANGED);
  });

  it("sees what comes into a tenth of the picture, and another scene", () => {
    const visitor = picture((x, y) => (x > 150 && y > 150 ? 60 : ramp(x, y)));
    expect(difference(scene, luminanceOf(visitor))).toBeGreaterThan(CHANGED);
    expect(difference(scene, luminanceOf(picture((x, y) => 255 - ramp(x, y))))).toBeGreaterThan(10 * CHANGED);
  });

  it("sees a slow pan once it has gone far enough", () => {
    const panned = (pixels: number) => luminanceOf(picture((x, y) => ramp(x + pixels, y)));
    expect(difference(scene, panned(2))).toBeLessThan(CHANGED);
    expect(difference(scene, panned(12))).toBeGreaterThan(CHANGED);
  });
});
