import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { SIDE } from "./pixels";
import { decodePixels } from "./pixels.node";
import { planAxis, reduceToSquare, shrinkBand } from "./resample";

/** A picture with edges, gradients and fine texture in every direction, as an opaque RGBA buffer. */
function testPicture(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const u = x / width;
      const v = y / height;
      const disc = Math.hypot(u - 0.4, v - 0.6) < 0.25 ? 200 : 40;
      data[at] = disc;
      data[at + 1] = 255 * u * v + ((x * 7 + y * 13) % 17);
      data[at + 2] = 127 + 120 * Math.sin((u * 40 + v * 25) * Math.PI);
      data[at + 3] = 255;
    }
  }
  return data;
}

function resample(rgba: Buffer, width: number, height: number): Float32Array {
  const horizontal = planAxis(width);
  const vertical = planAxis(height);
  const shrunk = new Uint8Array(vertical.boxed * width * 3);
  const bandRows = vertical.box * 5;
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const band = new Uint8ClampedArray(rgba.subarray(top * width * 4, (top + rows) * width * 4));
    shrinkBand(band, width, vertical, shrunk, top / vertical.box);
  }
  return reduceToSquare(shrunk, width, horizontal, vertical);
}

describe("resampling as the server does", () => {
  // Mean and largest difference in steps of 1/255.
  it.each([
    [224, 224, 0, 0],
    [500, 375, 0, 0],
    [640, 480, 0, 0],
    [1024, 680, 0, 0],
    [1600, 1200, 0, 0],
    [1001, 3001, 0.01, 1],
    [2700, 2025, 0.01, 1],
    [3000, 301, 0.01, 1],
    // Both sides grow.
    [150, 100, 0.3, 9],
    // One side grows while the other shrinks, which libvips then moves by half a pixel.
    [100, 700, 6, 75],
    [8, 3000, 6, 75],
  ])("%i×%i agrees with sharp", async (width, height, meanLimit, largestLimit) => {
    const rgba = testPicture(width, height);
    const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .webp({ lossless: true, effort: 0 })
      .toBuffer();
    const expected = (await decodePixels(new Uint8Array(png))).data;
    const found = resample(rgba, width, height);
    let sum = 0;
    let largest = 0;
    found.forEach((value, index) => {
      const difference = Math.abs(value - (expected[index] as number)) * 255;
      sum += difference;
      largest = Math.max(largest, difference);
    });
    expect(found).toHaveLength(3 * SIDE * SIDE);
    expect(sum / found.length).toBeLessThanOrEqual(meanLimit);
    expect(Math.round(largest)).toBeLessThanOrEqual(largestLimit);
  });
});
