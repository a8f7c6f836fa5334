/** A photo on its way to the model: checked, and made to fit the limits, on the visitor's device. */
import { InklingError } from "@/lib/inference/errors";
import { detectFormat } from "@/lib/vision/image-format";
import { checkSize, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, undecodable } from "@/lib/vision/pixels";
import { formatBytes } from "../format";
import { fetchOwn } from "../run/fetch-api";
import { uniqueId } from "../unique-id";
import { type Sample, sampleUrl } from "./samples";

export interface Photo {
  /** Unique among the photos of this visit. */
  readonly id: string;
  readonly name: string;
  /** What to show: an address of this site, or of a blob. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** The sample it is, which alone can be named in a link. */
  readonly sample?: string;
  /** One sentence: whose it is, or what was done to it before anything was sent. */
  readonly note?: string;
  /** The bytes for the model. */
  read(signal?: AbortSignal): Promise<Blob>;
}

/** Longest side of a photo that was over the limits, in pixels: more than ten times what the model sees. */
const SHRUNK_SIDE = 2048;
/** Longest side of the copy that the history keeps, in pixels. */
const THUMBNAIL_SIDE = 640;

export function samplePhoto(sample: Sample): Photo {
  const url = sampleUrl(sample);
  return {
    id: `sample:${sample.id}`,
    name: `${sample.id}.webp`,
    url,
    width: sample.width,
    height: sample.height,
    sample: sample.id,
    note: `Photo: ${sample.author}, ${sample.licence}.`,
    read: async (signal) => (await fetchOwn(url, { signal })).blob(),
  };
}

/**
 * Takes a file that the visitor chose. One over the limits is shrunk here, and one that this browser can read and the model's
 * decoder cannot (HEIC in Safari, BMP) becomes a JPEG.
 *
 * @throws `InklingError` with code `invalid_image` or `image_too_large` when there is no picture to be had from it
 */
export async function preparePhoto(file: Blob, name: string): Promise<Photo> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  const refusal = await formatRefusal(file);
  if (!bitmap) throw refusal ?? undecodable("chosen");
  const { width, height } = bitmap;
  try {
    const tooLarge = file.size > MAX_IMAGE_BYTES || width * height > MAX_IMAGE_PIXELS;
    if (!tooLarge && !refusal) {
      checkSize(width, height);
      return fromBlob(file, name, width, height);
    }
    const small = await shrink(bitmap, SHRUNK_SIDE);
    checkSize(small.width, small.height);
    const what = tooLarge ? "shrunk" : "converted to JPEG";
    const note = `This photo was ${what} on your device, from ${formatBytes(file.size)} to ${formatBytes(small.blob.size)}.`;
    return fromBlob(small.blob, name, small.width, small.height, note);
  } finally {
    bitmap.close();
  }
}

/** A small copy of a photo, to be recognised by. */
export async function thumbnail(photo: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(photo);
  try {
    return (await shrink(bitmap, THUMBNAIL_SIDE)).blob;
  } finally {
    bitmap.close();
  }
}

/** Gives back the memory behind a photo that is shown no longer. */
export function releasePhoto({ url }: Photo): void {
  if (url.startsWith("blob:")) URL.revokeObjectURL(url);
}

function fromBlob(blob: Blob, name: string, width: number, height: number, note?: string): Photo {
  return { id: uniqueId(), name, url: URL.createObjectURL(blob), width, height, note, read: async () => blob };
}

async function formatRefusal(file: Blob): Promise<InklingError | undefined> {
  try {
    detectFormat(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
    return undefined;
  } catch (thrown) {
    return InklingError.from(thrown);
  }
}

async function shrink(bitmap: ImageBitmap, side: number): Promise<{ blob: Blob; width: number; height: number }> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const blob = await new Promise<Blob | null>((resolve) => {
    if (!context) return resolve(null);
    // JPEG has no transparency: what shows through is white, as the model's own decoder has it.
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    canvas.toBlob(resolve, "image/jpeg", 0.92);
  });
  if (!blob) {
    throw new InklingError(
      "image_too_large",
      "This photo is too large, and this browser could not shrink it.",
      "Choose a smaller version, e.g. a JPEG of at most 2,000 pixels a side.",
    );
  }
  return { blob, width, height };
}

/**
 * Fetches a photo from an address, by the visitor's browser: the server never fetches addresses.
 *
 * @throws `InklingError` when there is no photo to be had there, or the signal's reason
 */
export async function fetchPhoto(address: string, signal: AbortSignal): Promise<Photo> {
  // The pages' Content Security Policy lets them fetch from other sites over https alone.
  const canFetch = URL.canParse(address) && /^(https|data|blob):/.test(address);
  if (!canFetch && !address.startsWith(`${location.origin}/`)) {
    throw new InklingError(
      "invalid_field",
      "This is not an address that photos can be fetched from.",
      "Give one that begins with https://.",
    );
  }
  const response = await fetch(address, { signal, credentials: "omit", referrerPolicy: "no-referrer" }).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw new InklingError(
        "invalid_image",
        "Your browser could not read this address: the site does not answer, or does not let other sites use its photos (CORS).",
        "Save the photo on your device, then choose or drop the file.",
        { cause },
      );
    },
  );
  if (!response.ok) {
    throw new InklingError(
      "invalid_image",
      `The site answered with ${response.status} instead of a photo.`,
      "Check the address, or save the photo and choose the file.",
    );
  }
  return preparePhoto(await response.blob(), nameOf(address));
}

/** The file's name in an address that has one; any other photo is called "photo". */
export function nameOf(address: string): string {
  const { protocol, pathname } = new URL(address);
  const last = protocol.startsWith("http") ? pathname.slice(pathname.lastIndexOf("/") + 1) : "";
  try {
    return decodeURIComponent(last) || "photo";
  } catch {
    // A percent sign that stands for itself.
    return last;
  }
}
