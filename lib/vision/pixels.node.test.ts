import { createHash } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { pngBomb } from "./fixtures/png-bomb";
import { hashImage, SIDE } from "./pixels";
import { decodePixels } from "./pixels.node";

const AREA = SIDE * SIDE;

/** 400×300, the left half one colour and the right half another. */
function halves(left: string, right: string) {
  const half = (background: string) => sharp({ create: { width: 200, height: 300, channels: 3, background } }).png();
  return half(left)
    .extend({ right: 200, background: right })
    .png()
    .toBuffer()
    .then((png) => sharp(png));
}

/** 400×300 of noise, which compresses to many bytes. */
function noise() {
  return sharp({
    create: {
      width: 400,
      height: 300,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });
}

const decode = (file: Uint8Array) => decodePixels(new Uint8Array(file));

/** The colour at a place of the square, in 0 to 255. */
function colourAt(data: Float32Array, x: number, y: number): number[] {
  return [0, 1, 2].map((channel) => Math.round((data[channel * AREA + y * SIDE + x] as number) * 255));
}

function expectColour(data: Float32Array, x: number, y: number, expected: readonly number[], tolerance: number) {
  colourAt(data, x, y).forEach((value, channel) => {
    expect(Math.abs(value - (expected[channel] as number))).toBeLessThanOrEqual(tolerance);
  });
}

async function failure(file: Uint8Array): Promise<InklingError> {
  const error = await decode(file).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(InklingError);
  // Nothing of the machine's insides is told: neither paths nor the libraries' names and messages.
  expect(`${error.detail} ${error.suggestion}`).not.toMatch(/vips|sharp|libpng|node_modules|\/work|buffer/i);
  return error;
}

describe("decodePixels", () => {
  const red = [230, 30, 20];
  const blue = [10, 60, 200];

  it.each([
    ["JPEG", (image: Sharp) => image.jpeg({ quality: 95 })],
    ["progressive JPEG", (image: Sharp) => image.jpeg({ quality: 95, progressive: true })],
    ["PNG", (image: Sharp) => image.png()],
    ["palette PNG", (image: Sharp) => image.png({ palette: true })],
    ["16-bit PNG", (image: Sharp) => image.toColourspace("rgb16").png()],
    ["WebP", (image: Sharp) => image.webp({ quality: 95 })],
    ["lossless WebP", (image: Sharp) => image.webp({ lossless: true })],
    ["GIF", (image: Sharp) => image.gif()],
    ["AVIF", (image: Sharp) => image.avif({ quality: 90 })],
  ])("reads %s as RGB planes from 0 to 1", async (_, encode) => {
    const file = await encode(await halves("rgb(230,30,20)", "rgb(10,60,200)")).toBuffer();
    const { data, width, height } = await decode(file);
    expect([width, height]).toEqual([400, 300]);
    expect(data).toHaveLength(3 * AREA);
    expectColour(data, 40, 112, red, 6);
    expectColour(data, 180, 112, blue, 6);
  });

  it("reads CMYK as sRGB", async () => {
    const file = await (await halves("rgb(230,30,20)", "rgb(10,60,200)")).toColourspace("cmyk").jpeg().toBuffer();
    expect((await sharp(file).metadata()).space).toBe("cmyk");
    const { data } = await decode(file);
    // The gamut of CMYK is narrower: the colours are near, not equal.
    expectColour(data, 40, 112, red, 40);
    expectColour(data, 180, 112, blue, 60);
  });

  it.each([
    ["grey", "b-w"],
    ["16-bit grey", "grey16"],
  ] as const)("reads %s PNG as three equal channels", async (_, space) => {
    const file = await (await halves("rgb(200,200,200)", "rgb(50,50,50)")).toColourspace(space).png().toBuffer();
    expect((await sharp(file).metadata()).channels).toBe(1);
    const { data } = await decode(file);
    expectColour(data, 40, 112, [200, 200, 200], 1);
    expectColour(data, 180, 112, [50, 50, 50], 1);
  });

  it("reads 1-bit PNG", async () => {
    const file = await (await halves("white", "black")).png({ palette: true, colours: 2 }).toBuffer();
    // IHDR's bit depth.
    expect(file[24]).toBe(1);
    const { data } = await decode(file);
    expectColour(data, 40, 112, [255, 255, 255], 0);
    expectColour(data, 180, 112, [0, 0, 0], 0);
  });

  it("lays alpha over white", async () => {
    const transparent = { r: 255, g: 0, b: 0, alpha: 0.5 };
    const file = await sharp({ create: { width: 60, height: 40, channels: 4, background: transparent } })
      .png()
      .toBuffer();
    expectColour((await decode(file)).data, 100, 100, [255, 127, 127], 1);
  });

  it("converts an embedded colour profile to sRGB", async () => {
    const image = await halves("rgb(200,60,60)", "rgb(60,160,60)");
    const file = await image.withIccProfile("p3").png().toBuffer();
    expect((await sharp(file).metadata()).icc).toBeDefined();
    const { data } = await decode(file);
    expectColour(data, 40, 112, [200, 60, 60], 2);
    expectColour(data, 180, 112, [60, 160, 60], 2);
  });

  it.each([
    [1, 400, 300, "left"],
    [3, 400, 300, "right"],
    [6, 300, 400, "top"],
    [8, 300, 400, "bottom"],
  ] as const)("applies EXIF orientation %i", async (orientation, width, height, redSide) => {
    const file = await (await halves("rgb(230,30,20)", "rgb(10,60,200)"))
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const decoded = await decode(file);
    expect(decoded).toMatchObject({ width, height });
    const [x, y] = { left: [40, 112], right: [180, 112], top: [112, 40], bottom: [112, 180] }[redSide] as [
      number,
      number,
    ];
    expectColour(decoded.data, x, y, red, 6);
  });

  it("takes the first frame of an animated GIF", async () => {
    const frames = await Promise.all(
      ["rgb(230,30,20)", "rgb(10,60,200)"].map((background) =>
        sharp({ create: { width: 60, height: 40, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const file = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    const decoded = await decode(file);
    expect(decoded).toMatchObject({ width: 60, height: 40 });
    expectColour(decoded.data, 112, 112, red, 6);
  });

  it("squashes without aliasing: a fine chequerboard becomes even grey", async () => {
    const side = 1024;
    const board = Uint8Array.from({ length: side * side }, (_, at) => ((at + Math.floor(at / side)) % 2 ? 255 : 0));
    const file = await sharp(board, { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toBuffer();
    const { data } = await decode(file);
    const inner = Array.from({ length: 100 }, (_, index) => data[(60 + index) * SIDE + 60 + index] as number);
    expect(Math.max(...inner) - Math.min(...inner)).toBeLessThan(0.02);
    expect(inner[0]).toBeCloseTo(0.5, 1);
  });

  it("accepts 8×3000", async () => {
    const file = await sharp({ create: { width: 8, height: 3000, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    expect(await decode(file)).toMatchObject({ width: 8, height: 3000 });
  });

  it.each([
    ["1×1", 1, 1],
    ["7×300", 7, 300],
  ])("refuses %s", async (size, width, height) => {
    const file = await sharp({ create: { width, height, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    const error = await failure(file);
    expect(error.code).toBe("invalid_image");
    expect(error.detail).toContain(size);
  });

  it.each(["jpeg", "png", "webp", "gif", "avif"] as const)("refuses %s that is cut off anywhere", async (format) => {
    const file = await noise().toFormat(format).toBuffer();
    for (const share of [0.01, 0.3, 0.7, 0.99]) {
      const error = await failure(file.subarray(0, Math.max(16, Math.floor(file.length * share))));
      expect(error.code).toBe("invalid_image");
      expect(error.detail).toMatch(/cut off/);
    }
  });

  it("refuses 20000×20000 before decoding it", async () => {
    const file = pngBomb(20_000);
    expect(file.length).toBeLessThan(12 * 2 ** 20);
    const before = process.memoryUsage().rss;
    const error = await failure(file);
    expect(error.code).toBe("image_too_large");
    expect(error.detail).toContain("20000×20000");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it("refuses more than 12 MiB", async () => {
    const error = await failure(new Uint8Array(13 * 2 ** 20));
    expect(error.code).toBe("image_too_large");
    expect(error.detail).toContain("12 MiB");
  });

  it.each([
    ["0 bytes", "", /empty/],
    ["text", "a photo of a dog\n", /text/],
    ["SVG", '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /SVG/],
    ["HTML", "<!doctype html><title>404</title>", /text/],
    ["PDF", "%PDF-1.7\n", /PDF/],
    ["TIFF", "II*\0\x08\0\0\0", /TIFF/],
    ["binary", "\x00\x01\x02\x03\xfe\xff\x80", /known kind/],
    ["a JPEG's first bytes alone", "\xff\xd8\xff\xe0", /cut off/],
  ])("refuses %s", async (_, content, detail) => {
    const error = await failure(Buffer.from(content, "latin1"));
    expect(error.code).toBe("invalid_image");
    expect(error.detail).toMatch(detail);
  });

  it("refuses HEIC and says how to convert it", async () => {
    const error = await failure(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0", "latin1"));
    expect(error.code).toBe("invalid_image");
    expect(error.detail).toMatch(/HEIC/);
    expect(error.suggestion).toMatch(/JPEG/);
  });

  it("stops with the signal's reason", async () => {
    const file = new Uint8Array(await noise().jpeg().toBuffer());
    const reason = new Error("gone");
    await expect(decodePixels(file, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("hashImage", () => {
  it("is the SHA-256 of the bytes", async () => {
    const file = new Uint8Array(await noise().jpeg().toBuffer());
    expect(await hashImage(file)).toBe(createHash("sha256").update(file).digest("hex"));
  });
});

describe("libvips", () => {
  it("reads no format but the five, whoever asks it", async () => {
    const tiff = await sharp({ create: { width: 9, height: 9, channels: 3, background: "grey" } })
      .tiff()
      .toBuffer();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    for (const file of [tiff, svg]) await expect(sharp(file).metadata()).rejects.toThrow("unsupported image format");
  });
});
