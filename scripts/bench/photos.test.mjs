import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { freshCopy, readSamples } from "./photos.mjs";

describe("freshCopy", () => {
  it("has other bytes each time, and the same pixels", async () => {
    const samples = await readSamples();
    expect(samples.length).toBeGreaterThanOrEqual(8);
    for (const { bytes } of samples.slice(0, 2)) {
      const [first, second] = [freshCopy(bytes), freshCopy(bytes)];
      expect(first.equals(second)).toBe(false);
      const pixels = (file) => sharp(file, { failOn: "warning" }).raw().toBuffer();
      expect((await pixels(first)).equals(await pixels(bytes))).toBe(true);
    }
  });
});
