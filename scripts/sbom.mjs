/** `npm run sbom`: what the app runs on, as a bill of materials (CycloneDX) on standard output. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main, Stop } from "./command.mjs";

/**
 * A project without what only its development needs. `npm sbom --omit dev` would leave out as well what the app shares with that.
 *
 * @param {object} project `package.json`
 * @param {object} lock `package-lock.json`
 */
export function withoutDevelopment(project, lock) {
  const { devDependencies: _, ...kept } = project;
  const { devDependencies: __, ...root } = lock.packages[""];
  const packages = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
  return { project: kept, lock: { ...lock, packages: { "": root, ...Object.fromEntries(packages) } } };
}

/**
 * @param {string} text a bill
 * @param {object} lock that each of its packages should stand in
 * @returns {string | undefined} what is wrong with it
 */
export function faultOf(text, { packages }) {
  let bill;
  try {
    bill = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  if (bill.bomFormat !== "CycloneDX" || !/^1\.\d$/.test(bill.specVersion)) return "it is not in CycloneDX's format";
  const listed = new Set(bill.components?.map(({ name, version }) => `${name}@${version}`));
  const missing = Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { version }]) => `${path.split("node_modules/").at(-1)}@${version}`)
    .filter((each) => !listed.has(each));
  return missing.length > 0 ? `it lacks ${missing.join(", ")}` : undefined;
}

async function print() {
  const [project, lock] = await Promise.all(
    ["package.json", "package-lock.json"].map(async (name) => JSON.parse(await readFile(name, "utf8"))),
  );
  const kept = withoutDevelopment(project, lock);
  const folder = await mkdtemp(join(tmpdir(), "inkling-sbom-"));
  try {
    // npm names the app by its folder.
    const cwd = join(folder, project.name);
    await mkdir(cwd);
    await writeFile(join(cwd, "package.json"), JSON.stringify(kept.project));
    await writeFile(join(cwd, "package-lock.json"), JSON.stringify(kept.lock));
    const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"];
    const { stdout } = spawnSync("npm", args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
    const fault = faultOf(stdout ?? "", kept.lock);
    if (fault) throw new Stop(`npm made no bill of materials: ${fault}.`);
    process.stdout.write(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1]?.endsWith("sbom.mjs")) await main(print);
