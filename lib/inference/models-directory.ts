/** The models' folder on the server's disk. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InklingError } from "./errors";
import { assertUnaltered, findFile, type Manifest, parseManifest } from "./manifest";

/**
 * @param directory - the folder that holds `manifest.json`
 * @throws `InklingError` with code `model_unavailable`
 */
export async function readManifest(directory: string): Promise<Manifest> {
  return parseManifest((await readModelFile(directory, "manifest.json")).toString("utf8"));
}

/**
 * Reads one file of the manifest and compares its SHA-256.
 *
 * @param directory - the folder that holds `manifest.json`
 * @param path - as the manifest has it
 * @throws `InklingError` with code `unknown_model` when the manifest has no such file, `model_unavailable` when it is
 *   absent or altered
 */
export async function readVerified(directory: string, path: string): Promise<Buffer> {
  const file = findFile(await readManifest(directory), path);
  const content = await readModelFile(directory, file.path);
  assertUnaltered(file, createHash("sha256").update(content).digest("hex"));
  return content;
}

async function readModelFile(directory: string, path: string): Promise<Buffer> {
  try {
    return await readFile(join(directory, path));
  } catch (cause) {
    throw new InklingError(
      "model_unavailable",
      `The model file ${path} is absent or cannot be read.`,
      `Restore models/${path} from the repository.`,
      { cause },
    );
  }
}
