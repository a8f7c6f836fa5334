/** `npm run licences`: the licence of each package, npm's and Python's, none of which is other than `licences.json` allows. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import satisfies from "spdx-satisfies";
import { main, Stop } from "./command.mjs";

/** @typedef {{ name: string, version: string, licence: string }} Package */

/** @returns {Promise<Package[]>} of the lock file: those of other machines too */
async function readNpmPackages() {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license }]) => ({
      name: path.split("node_modules/").at(-1),
      version,
      licence: license ?? "",
    }));
}

/**
 * @param {string} metadata of a Python package (core metadata 2.4)
 * @returns {Package}
 */
export function parseMetadata(metadata) {
  const head = metadata.split(/\r?\n\r?\n/, 1)[0];
  const all = (field) => [...head.matchAll(new RegExp(`^${field}: (.*)$`, "gm"))].map(([, value]) => value.trim());
  const classified = all("Classifier")
    .filter((each) => each.startsWith("License ::"))
    .map((each) => each.split("::").at(-1).trim());
  return {
    name: all("Name")[0],
    version: all("Version")[0],
    licence: all("License-Expression")[0] ?? classified[0] ?? all("License")[0] ?? "",
  };
}

/** Virtual environments: of training, and of the model server with what tests it. */
const ENVIRONMENTS = [".venv", ".venv-serving"];

/**
 * @param {string} environment a virtual environment's folder
 * @returns {Promise<Package[]>}
 */
async function readPythonPackages(environment) {
  const [python] = await readdir(join(environment, "lib")).catch(() => []);
  if (python === undefined) throw new Stop(`There is no ${environment}: \`npm test -- supply\` makes it.`);
  const folder = join(environment, "lib", python, "site-packages");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".dist-info"));
  return await Promise.all(
    names.map(async (name) => parseMetadata(await readFile(join(folder, name, "METADATA"), "utf8"))),
  );
}

/**
 * @param {Package} found
 * @param {{ allowed: string[], names: Record<string, string>, packages: Record<string, string> }} rules as `licences.json` has them
 */
export function isAllowed({ name, licence }, { allowed, names, packages }) {
  const isExempt = Object.keys(packages).some((each) =>
    each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each,
  );
  if (isExempt) return true;
  try {
    return satisfies(names[licence] ?? licence, allowed);
  } catch {
    // It is no SPDX expression.
    return false;
  }
}

async function check() {
  const rules = JSON.parse(await readFile("scripts/licences.json", "utf8"));
  const python = await Promise.all(ENVIRONMENTS.map(readPythonPackages));
  const found = [...(await readNpmPackages()), ...python.flat()];
  // Both environments have some of them.
  const packages = [...new Map(found.map((each) => [`${each.name}@${each.version}`, each])).values()];
  const counts = {};
  for (const { licence } of packages) counts[licence] = (counts[licence] ?? 0) + 1;
  for (const [licence, count] of Object.entries(counts).sort()) {
    console.log(`${String(count).padStart(4)}  ${licence.slice(0, 80) || "(none named)"}`);
  }
  const refused = packages.filter((each) => !isAllowed(each, rules));
  for (const { name, version, licence } of refused) console.error(`${name} ${version}: ${licence || "no licence"}`);
  if (refused.length > 0) {
    throw new Stop("scripts/licences.json does not allow the licences above: leave the packages out, or allow them.");
  }
  console.log(`${packages.length} packages, each with a licence that scripts/licences.json allows.`);
}

if (process.argv[1]?.endsWith("licences.mjs")) await main(check);
