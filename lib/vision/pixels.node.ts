import sharp from "sharp";
import { detectFormat } from "./image-format";
import {
  checkSize,
  type DecodePixels,
  MAX_IMAGE_BYTES,
  MAX_IMAGE_PIXELS,
  type Pixels,
  SIDE,
  tooManyBytes,
  undecodable,
} from "./pixels";

// Every image is decoded once: keeping libvips' operations would only hold memory.
sharp.cache(false);
// A photo is small work for libvips, and the cores are for the models: more threads only make both wait.
sharp.concurrency(1);

// Whatever gets past `detectFormat`, libvips reads nothing but the five formats.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Nsgif", "Heif"].map((format) => `VipsForeignLoad${format}`),
});

/** Decodes with sharp, outside the JavaScript thread. See `DecodePixels`. */
export const decodePixels: DecodePixels = async (bytes, signal) => {
  signal?.throwIfAborted();
  if (bytes.length > MAX_IMAGE_BYTES) throw tooManyBytes();
  const format = detectFormat(bytes);
  // The limit in pixels is checked below, with an error of its own.
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw undecodable(format, cause);
    });
  const { width, height } = metadata.autoOrient;
  checkSize(width, height);
  signal?.throwIfAborted();
  const photo = sharp(bytes, { failOn: "error", limitInputPixels: MAX_IMAGE_PIXELS }).autoOrient();
  const squashed = await (metadata.hasAlpha ? photo.flatten({ background: "white" }) : photo)
    .toColourspace("srgb")
    // Without fast shrinking a JPEG keeps at least twice the target's resolution before the antialiasing kernel.
    .resize(SIDE, SIDE, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false })
    .raw({ depth: "uchar" })
    .toBuffer()
    .catch((cause) => {
      throw undecodable(format, cause);
    });
  signal?.throwIfAborted();
  return { data: toPlanes(squashed), width, height };
};

/** [224, 224, 3] bytes to [3, 224, 224], 0 to 1. */
function toPlanes(interleaved: Uint8Array): Pixels["data"] {
  const area = SIDE * SIDE;
  const planes = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * area + pixel] = (interleaved[pixel * 3 + channel] as number) / 255;
    }
  }
  return planes;
}
