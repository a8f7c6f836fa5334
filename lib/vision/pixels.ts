import { InklingError } from "@/lib/inference/errors";

/** Side of the square that photos are squashed to, in pixels. */
export const SIDE = 224;
/** Largest image file, in bytes. */
export const MAX_IMAGE_BYTES = 12 * 1024 * 1024;
/** Largest image, in pixels. */
export const MAX_IMAGE_PIXELS = 50_000_000;
/** Smallest width and height, in pixels. */
export const MIN_IMAGE_SIDE = 8;

/** A decoded image, ready for the vision encoder. */
export interface Pixels {
  /** float32 [3, 224, 224], RGB, 0 to 1. */
  readonly data: Float32Array<ArrayBuffer>;
  /** Pixels of the image itself, after EXIF orientation. */
  readonly width: number;
  /** Pixels of the image itself, after EXIF orientation. */
  readonly height: number;
}

/**
 * Decodes an image file: JPEG, PNG, WebP, GIF (first frame) or AVIF; EXIF orientation applied, converted to sRGB, alpha laid
 * over white, squashed to 224×224 with an antialiasing Lanczos kernel (the aspect is not kept, as in training).
 *
 * `pixels.node.ts` and `pixels.browser.ts` implement it.
 *
 * @throws `InklingError` with code `invalid_image` or `image_too_large`, or the signal's reason when it is aborted
 */
export type DecodePixels = (bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) => Promise<Pixels>;

/** The picture in the mirror: left and right change places. `data` is [3, 224, 224], as `Pixels` has it. */
export function mirrorPixels(data: Float32Array): Float32Array<ArrayBuffer> {
  const mirrored = new Float32Array(data);
  for (let row = 0; row < mirrored.length; row += SIDE) mirrored.subarray(row, row + SIDE).reverse();
  return mirrored;
}

/** SHA-256 of an image file's bytes as received, in hexadecimal. */
export async function hashImage(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The error for a file with more bytes than are accepted. */
export function tooManyBytes(): InklingError {
  return new InklingError(
    "image_too_large",
    `The image has more than the ${MAX_IMAGE_BYTES / 2 ** 20} MiB that are accepted.`,
    "Send a smaller version, e.g. a JPEG of at most 2,000 pixels a side.",
  );
}

/**
 * Refuses an image outside the limits in pixels, before its pixels are decoded.
 *
 * @throws `InklingError` with code `image_too_large` or `invalid_image`
 */
export function checkSize(width: number, height: number): void {
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new InklingError(
      "image_too_large",
      `The image has ${width}×${height} pixels; at most ${MAX_IMAGE_PIXELS / 1e6} megapixels are accepted.`,
      "Send a smaller version, e.g. one of at most 2,000 pixels a side.",
    );
  }
  if (width < MIN_IMAGE_SIDE || height < MIN_IMAGE_SIDE) {
    throw new InklingError(
      "invalid_image",
      `The image has ${width}×${height} pixels; each side needs at least ${MIN_IMAGE_SIDE}.`,
      "Send a larger image.",
    );
  }
}

/** Bytes of a known format that do not decode. */
export function undecodable(format: string, cause?: unknown): InklingError {
  return new InklingError(
    "invalid_image",
    `The ${format} image is damaged or cut off and cannot be decoded.`,
    "Send the whole file; if it does not open elsewhere either, save it again as JPEG or PNG.",
    { cause },
  );
}
