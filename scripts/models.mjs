/** Checks the models' files against `models/manifest.json`, before anything is installed: with Node's own modules only. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Stop } from "./command.mjs";

/**
 * @param {string} directory the folder that holds `manifest.json`
 * @returns {Promise<number>} how many files were checked
 * @throws {Stop} naming every file that is absent or altered
 */
export async function verifyModels(directory) {
  const files = await listFiles(directory);
  const problems = (await Promise.all(files.map((file) => problemOf(directory, file)))).filter(Boolean);
  if (problems.length === 0) return files.length;
  throw new Stop(`${problems.join(", ")}: restore what the repository holds with \`git checkout -- ${directory}\`.`);
}

async function listFiles(directory) {
  const path = join(directory, "manifest.json");
  try {
    return Object.values(JSON.parse(await readFile(path, "utf8")).models).flatMap((model) => model.files);
  } catch {
    throw new Stop(
      `${path} is absent or cannot be read: restore what the repository holds with \`git checkout -- ${directory}\`.`,
    );
  }
}

async function problemOf(directory, { path, sha256 }) {
  const name = join(directory, path);
  try {
    const hash = createHash("sha256").update(await readFile(name));
    return hash.digest("hex") === sha256 ? undefined : `${name} is altered (its SHA-256 differs)`;
  } catch {
    return `${name} is absent`;
  }
}
