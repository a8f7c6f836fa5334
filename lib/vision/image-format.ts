import { InklingError } from "@/lib/inference/errors";

export type ImageFormat = "JPEG" | "PNG" | "WebP" | "GIF" | "AVIF";

/** Kinds of file that people take for an image that can be read, with what to do about each. */
const OTHER_KINDS: readonly { kind: string; starts: readonly string[]; suggestion: string }[] = [
  { kind: "a TIFF image", starts: ["II*\0", "MM\0*"], suggestion: "Save it as JPEG or PNG and send that." },
  { kind: "a BMP image", starts: ["BM"], suggestion: "Save it as PNG and send that." },
  { kind: "a PDF document", starts: ["%PDF"], suggestion: "Export the page as JPEG or PNG and send that." },
  {
    kind: "a JPEG XL image",
    starts: ["\xff\x0a", "\0\0\0\x0cJXL "],
    suggestion: "Save it as JPEG or PNG and send that.",
  },
  { kind: "a Photoshop file", starts: ["8BPS"], suggestion: "Export it as JPEG or PNG and send that." },
];

const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]);

/**
 * Tells an image's format by its first bytes: neither the file's name nor the media type that came with it is believed.
 *
 * @throws `InklingError` with code `invalid_image` for anything but the five formats; its suggestion says how to convert
 */
export function detectFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw invalid("The image is empty (0 bytes).", "Choose a file that holds an image.");
  const head = ascii(bytes, 0, 32);
  if (head.startsWith("\xff\xd8\xff")) return "JPEG";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "GIF";
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "WebP";
  if (head.startsWith("ftyp", 4)) return detectBoxed(bytes);
  for (const { kind, starts, suggestion } of OTHER_KINDS) {
    if (starts.some((start) => head.startsWith(start))) {
      throw invalid(`The file is ${kind}, which cannot be read here.`, suggestion);
    }
  }
  throw unknown(bytes);
}

/** ISO base media files: AVIF and HEIC differ in the brands that their first box lists (ISO/IEC 23000-22). */
function detectBoxed(bytes: Uint8Array): ImageFormat {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= Math.min(length, bytes.length, 512); at += 4) {
    // The second word is the minor version.
    if (at !== 12) brands.push(ascii(bytes, at, 4));
  }
  if (brands.includes("avif") || brands.includes("avis")) return "AVIF";
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) {
    throw invalid(
      "The file is a HEIC photo, which cannot be read here.",
      "Convert it to JPEG: on an iPhone share it as “Most Compatible” (Settings, Camera, Formats), on a Mac export it from Preview, elsewhere run “heif-convert photo.heic photo.jpg”.",
    );
  }
  throw invalid("The file is a video or audio file, not an image.", "Send a still picture as JPEG or PNG.");
}

function unknown(bytes: Uint8Array): InklingError {
  const text = decodeText(bytes.subarray(0, 1024));
  if (text === undefined) {
    return invalid("The file is not an image of a known kind.", "Send a JPEG, PNG, WebP, GIF or AVIF image.");
  }
  if (/<svg[\s>]/i.test(text)) {
    return invalid("The file is an SVG drawing, which cannot be read here.", "Export it as PNG and send that.");
  }
  return invalid("The file is text, not an image.", "Send a JPEG, PNG, WebP, GIF or AVIF image.");
}

/** The bytes as text, or undefined when they are not text. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    // `stream` allows a character that the cut has split.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary data from text
    return /[\0-\x08\x0e-\x1a]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

function invalid(detail: string, suggestion: string): InklingError {
  return new InklingError("invalid_image", detail, suggestion);
}
