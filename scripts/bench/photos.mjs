/** The sample photos, as uploads that no cache has seen. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export const SAMPLES = "public/samples";

/** @returns {Promise<{ name: string, bytes: Buffer }[]>} */
export async function readSamples() {
  const names = (await readdir(SAMPLES)).filter((name) => name.endsWith(".webp")).sort();
  return await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(SAMPLES, name)) })));
}

let copies = 0;

/**
 * The same picture with another SHA-256: a chunk is added that decoders pass over (RFC 9649, section 2.7.1.6).
 *
 * @param {Buffer} webp
 * @returns {Buffer}
 */
export function freshCopy(webp) {
  const chunk = Buffer.alloc(16);
  chunk.write("INKL", "latin1");
  chunk.writeUInt32LE(8, 4);
  copies += 1;
  chunk.writeBigUInt64LE(BigInt(copies), 8);
  const copy = Buffer.concat([webp, chunk]);
  // The file's own header says how many bytes follow it.
  copy.writeUInt32LE(copy.length - 8, 4);
  return copy;
}
