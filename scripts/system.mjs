/** Programs that npm cannot install: a browser, Java, Python and WordNet. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findProgram, run, Stop } from "./command.mjs";

const CHROMIUM_PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

const PYTHON_PROGRAMS = ["python3.11", "python3.12", "python3.13", "python3"];

/** @returns {string | undefined} the Chromium or Chrome that is installed; CHROMIUM_PATH names another */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const program of CHROMIUM_PROGRAMS) {
    const path = findProgram(program);
    if (path) return path;
  }
  return existsSync(MAC_CHROME) ? MAC_CHROME : undefined;
}

/** Python 3.11 or newer that can make virtual environments. */
function findPython() {
  const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
  return PYTHON_PROGRAMS.find((program) => spawnSync(program, ["-c", check], { stdio: "ignore" }).status === 0);
}

/**
 * Installs from Debian what is missing, where this user may; else says what to install.
 *
 * @throws {Stop} naming what is missing
 */
export async function installSystemPrograms() {
  const missing = () =>
    [
      findChromium() ? undefined : "chromium",
      findProgram("java") ? undefined : "default-jre-headless",
      existsSync(join(process.env.WNSEARCHDIR ?? "/usr/share/wordnet", "data.noun")) ? undefined : "wordnet-base",
      existsSync(".venv/bin/pip") || findPython() ? undefined : "python3-venv",
    ].filter((name) => name !== undefined);
  const wanted = missing();
  if (wanted.length === 0) return;
  if (findProgram("apt-get") && process.getuid?.() === 0) {
    console.log(`Installing ${wanted.join(", ")} from Debian …`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["-qq", "update"], { env });
    await run("apt-get", ["-qq", "install", "-y", "--no-install-recommends", ...wanted], { env });
  }
  const left = missing();
  if (left.length > 0) {
    throw new Stop(`The tests need ${left.join(", ")}: install them (Debian: apt-get install ${left.join(" ")}).`);
  }
}

/**
 * Makes a virtual environment from pinned requirements, and brings it up to date where they have changed.
 *
 * @param {string} requirements path of the list; files that it takes in lie beside or below it
 * @param {string} folder of the environment
 * @returns {Promise<string>} the environment's Python
 */
export async function preparePython(requirements, folder = ".venv") {
  const python = `${folder}/bin/python`;
  // pip comes last: an environment whose making was interrupted is made again.
  if (!existsSync(`${folder}/bin/pip`)) {
    console.log(`Making ${folder} …`);
    const status = await run(findPython(), ["-m", "venv", folder]);
    if (status !== 0) throw new Stop(`The virtual environment ${folder} could not be made: the lines above say why.`);
  }
  const stamp = `${folder}/requirements.sha256`;
  const hash = createHash("sha256")
    .update(await readRequirements(requirements))
    .digest("hex");
  if ((await readFile(stamp, "utf8").catch(() => "")) === hash) return python;
  console.log(`Installing ${requirements} into ${folder} (a few minutes the first time) …`);
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  if ((await run(python, args)) !== 0) {
    throw new Stop("The Python packages could not be installed: check the network and try again.");
  }
  await writeFile(stamp, hash);
  return python;
}

/** A list of requirements with those that it takes in (`-r`). */
async function readRequirements(path) {
  const text = await readFile(path, "utf8");
  const taken = [...text.matchAll(/^-r (\S+)$/gm)].map(([, name]) => readRequirements(join(dirname(path), name)));
  return [text, ...(await Promise.all(taken))].join("");
}
