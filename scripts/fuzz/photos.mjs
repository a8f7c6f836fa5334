/** Small pictures of every kind that the API takes, and of some that it does not. */
import sharp from "sharp";
import { MARKER } from "./strings.mjs";

/** @returns {Promise<{ type: string, bytes: Buffer }[]>} the same in each run */
export async function makePhotos() {
  const gradient = Buffer.from(Array.from({ length: 48 * 36 * 3 }, (_, index) => (index * 7) % 256));
  const picture = () => sharp(gradient, { raw: { width: 48, height: 36, channels: 3 } });
  const encoded = await Promise.all([
    picture()
      .jpeg()
      .withExif({ IFD0: { ImageDescription: MARKER } })
      .toBuffer(),
    picture().png().toBuffer(),
    picture().webp().toBuffer(),
    picture().gif().toBuffer(),
    picture().avif({ effort: 0 }).toBuffer(),
  ]);
  const types = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];
  return encoded.map((bytes, index) => ({ type: types[index], bytes }));
}

/** @param {string} canary an address that each of them would have a careless reader fetch */
export function makeOtherFiles(canary) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${canary}"/></svg>`;
  const entity = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "${canary}">]><svg>&x;</svg>`;
  return [
    { type: "image/svg+xml", bytes: Buffer.from(svg) },
    { type: "image/svg+xml", bytes: Buffer.from(entity) },
    { type: "image/tiff", bytes: Buffer.from("II*\0\x08\0\0\0", "latin1") },
    { type: "image/heic", bytes: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1") },
    { type: "text/plain", bytes: Buffer.from(canary) },
    { type: "image/jpeg", bytes: Buffer.alloc(0) },
  ];
}
