import { imageSize } from "image-size";
import { detectFormat } from "./image-format";
import { checkSize, type DecodePixels, MAX_IMAGE_BYTES, type Pixels, tooManyBytes, undecodable } from "./pixels";
import { planAxis, reduceToSquare, shrinkBand } from "./resample";

/** Most pixels of the picture held as bytes at a time: 4 MiB of RGBA. */
const BAND_PIXELS = 1 << 20;

/** Decodes with the browser's own decoders, in a worker or a page. See `DecodePixels`. */
export const decodePixels: DecodePixels = async (bytes, signal) => {
  signal?.throwIfAborted();
  if (bytes.length > MAX_IMAGE_BYTES) throw tooManyBytes();
  const format = detectFormat(bytes);
  checkDeclaredSize(bytes, format);
  // By default the browser applies the EXIF orientation and converts to sRGB.
  const bitmap = await createImageBitmap(new Blob([bytes])).catch((cause) => {
    throw undecodable(format, cause);
  });
  try {
    const { width, height } = bitmap;
    checkSize(width, height);
    return { data: squash(bitmap, signal), width, height };
  } finally {
    bitmap.close();
  }
};

/** Reads the size from the file's header, so that a picture over the limits is never decoded. */
function checkDeclaredSize(bytes: Uint8Array, format: string): void {
  let size: { width: number; height: number };
  try {
    size = imageSize(bytes);
  } catch (cause) {
    throw undecodable(format, cause);
  }
  checkSize(size.width, size.height);
}

/** Reads the picture in bands, so that a photo of 50 megapixels does not need 200 MB of bytes beside its bitmap. */
function squash(bitmap: ImageBitmap, signal: AbortSignal | undefined): Pixels["data"] {
  const { width, height } = bitmap;
  const horizontal = planAxis(width);
  const vertical = planAxis(height);
  const shrunk = new Uint8Array(vertical.boxed * width * 3);
  const boxRows = Math.max(1, Math.floor(BAND_PIXELS / width / vertical.box));
  const bandRows = Math.min(height, boxRows * vertical.box);
  const context = new OffscreenCanvas(width, bandRows).getContext("2d", { alpha: false, willReadFrequently: true });
  if (context === null) throw undecodable("", new Error("no 2D context"));
  for (let top = 0; top < height; top += bandRows) {
    signal?.throwIfAborted();
    context.fillStyle = "white";
    context.fillRect(0, 0, width, bandRows);
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, width, Math.min(bandRows, height - top));
    shrinkBand(data, width, vertical, shrunk, top / vertical.box);
  }
  return reduceToSquare(shrunk, width, horizontal, vertical);
}
