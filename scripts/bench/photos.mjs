/** The sample photos, as uploads that no cache has seen. */
import { readdir, readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import sharp from "sharp";

export const SAMPLES = "public/samples";

/**
 * The sample photos as the JPEG files that cameras and phones make of what they see.
 *
 * @returns {Promise<{ name: string, bytes: Buffer }[]>}
 */
export async function readSamples() {
  const files = (await readdir(SAMPLES)).filter((name) => name.endsWith(".webp")).sort();
  return await Promise.all(
    files.map(async (file) => ({
      name: `${parse(file).name}.jpg`,
      bytes: await sharp(await readFile(join(SAMPLES, file)))
        .jpeg({ quality: 90 })
        .toBuffer(),
    })),
  );
}

const START = Buffer.from([0xff, 0xd8]);
let copies = 0;

/**
 * The same picture with another SHA-256: a comment is added, which decoders pass over (ITU-T T.81, section B.2.4.5).
 *
 * @param {Buffer} jpeg
 * @returns {Buffer}
 */
export function freshCopy(jpeg) {
  const comment = Buffer.alloc(12);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(comment.length - 2, 2);
  copies += 1;
  comment.writeBigUInt64BE(BigInt(copies), 4);
  return Buffer.concat([START, comment, jpeg.subarray(START.length)]);
}
