/** What has to be there before the app can run: packages and the build. Nothing is done twice. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { findProgram, run, Stop } from "./command.mjs";
import { writeInlineHashes } from "./inline-hashes.mjs";
import { nodeVersionProblem } from "./node-version.mjs";

/** Everything that the build reads. */
const SOURCES = [
  "app",
  "lib",
  "models",
  "public",
  "instrumentation.ts",
  "next.config.ts",
  "package.json",
  "package-lock.json",
  "postcss.config.mjs",
  "scripts/build-service-worker.mjs",
  "proxy.ts",
  "scripts/build-worker.mjs",
  "scripts/inline-hashes.mjs",
  "tsconfig.json",
];

const STAMP = "build/stamp.txt";

/** @throws {Stop} when this Node is too old */
export function assertNodeVersion() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) throw new Stop(problem);
}

/**
 * Whether `node_modules` holds what the lock file asks for, by the list that npm leaves there once it has finished.
 *
 * @param {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> }} lock
 * @param {{ packages: Record<string, { version?: string }> }} installed
 */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages).every(
    ([path, { version, optional, devOptional }]) =>
      // Optional packages are those of other machines, and are rightly absent.
      path === "" || optional || devOptional || installed.packages[path]?.version === version,
  );
}

/** Installs the packages of the lock file where they are not there yet, and what a graphics card needs beside them. */
export async function installPackages() {
  await installLocked();
  await installCuda();
}

async function installLocked() {
  const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
  const installed = await readFile("node_modules/.package-lock.json", "utf8").then(JSON.parse, () => ({
    packages: {},
  }));
  if (isInstalled(lock, installed)) return;
  console.log("Installing the packages (a minute or two) …");
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const env = { ONNXRUNTIME_NODE_INSTALL: "skip" };
  // The npm that runs this script, where it is one: on Windows `npm` itself is no program that can be started.
  const script = process.env.npm_execpath ?? "";
  const status = basename(script).startsWith("npm")
    ? await run(process.execPath, [script, ...args], { env })
    : await run("npm", args, { env });
  if (status !== 0) throw new Stop("The packages could not be installed: check the network and try again.");
}

/**
 * CUDA's libraries are not in the package; without them the models run on the CPU, so that a failure is no obstacle. A machine may be
 * given its card, or its network, later.
 *
 * @param {string} runtime the package's folder
 */
export async function installCuda(runtime = "node_modules/onnxruntime-node") {
  if (process.platform !== "linux" || process.arch !== "x64" || !findProgram("nvidia-smi")) return;
  if (existsSync(join(runtime, "bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so"))) return;
  console.log("Fetching the CUDA libraries of ONNX Runtime …");
  const env = { ONNXRUNTIME_NODE_INSTALL: "cuda12" };
  const status = await run(process.execPath, [join(runtime, "script/install.js")], { env });
  if (status !== 0) console.log("They could not be fetched: the models will run on the CPU.");
}

async function listFiles(path) {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === "ENOTDIR") return undefined;
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * SHA-256 over names and contents of the files under some paths, and what else a build depends on. Tests are left out, and weights: the manifest has theirs.
 *
 * @param {readonly string[]} paths
 */
export async function hashSources(paths) {
  const files = (await Promise.all(paths.map(listFiles))).flat().sort();
  const hash = createHash("sha256").update(`${process.versions.node}\0${process.env.SITE_URL ?? ""}`);
  for (const file of files) {
    if (/\.test\.\w+$|\.onnx$/.test(file)) continue;
    const content = await readFile(file);
    hash.update(`\0${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Builds the app where it has not been built from these sources. */
export async function buildIfChanged() {
  const [hash, built] = await Promise.all([hashSources(SOURCES), readFile(STAMP, "utf8").catch(() => "")]);
  if (hash !== built) await buildApp();
}

/** Builds the server's worker and the app. */
export async function buildApp() {
  console.log("Building the app (about a minute) …");
  await mkdir("build", { recursive: true });
  // The stamp comes last: a build that stops half-way is done again. So is one during which a source changed.
  await writeFile(STAMP, "");
  const hash = await hashSources(SOURCES);
  const version = hash.slice(0, 16);
  const { buildWorker } = await import("./build-worker.mjs");
  await buildWorker();
  const status = await run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    env: { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", INKLING_VERSION: version },
  });
  if (status !== 0) throw new Stop("The app could not be built: the lines above say why.");
  const { buildServiceWorker } = await import("./build-service-worker.mjs");
  await buildServiceWorker(version);
  await writeInlineHashes();
  await writeFile(STAMP, hash);
}
