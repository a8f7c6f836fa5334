/** What the figures were measured on, and whether anything else was using it. */

import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";

const OBSERVED_MS = 2_000;
/** Share of the CPU in other hands above which figures are not this machine's. */
export const MOST_OTHER_LOAD = 0.1;
/** Instructions that decide how fast products of numbers are, by Linux's names. */
const VECTOR_INSTRUCTIONS = ["avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8"];

/** Sum over the cores of what their clocks have counted, in milliseconds. */
function cpuTimes() {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = Object.values(times).reduce((sum, each) => sum + each, 0);
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** @returns {Promise<number>} the share of the CPU that other programs use, 0 to 1 */
export async function otherLoad() {
  const before = cpuTimes();
  await new Promise((resolve) => setTimeout(resolve, OBSERVED_MS));
  const after = cpuTimes();
  return (after.busy - before.busy) / Math.max(1, after.total - before.total);
}

/** Which of them this processor has, where the system tells. */
async function vectorInstructions() {
  const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const flags = new Set(text.match(/^flags\s*:(.*)$/m)?.[1].split(" "));
  return VECTOR_INSTRUCTIONS.filter((name) => flags.has(name)).join(", ") || "unknown";
}

async function packageVersion(name) {
  return JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8")).version;
}

async function readManifest(modelsDirectory) {
  return JSON.parse(await readFile(join(modelsDirectory, "manifest.json"), "utf8"));
}

/** @returns {Promise<number>} the size of a model's files */
export async function modelBytes(modelsDirectory, model) {
  const { models } = await readManifest(modelsDirectory);
  return models[model].files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param {string} modelsDirectory
 * @returns {Promise<[string, string][]>} rows of a table
 */
export async function describeMachine(modelsDirectory) {
  const processor = cpus()[0]?.model.trim() ?? "unknown";
  const names = ["onnxruntime-node", "onnxruntime-web", "sharp", "next"];
  const versions = await Promise.all(names.map(packageVersion));
  const manifest = await readManifest(modelsDirectory);
  const models = Object.entries(manifest.models).map(([name, { sha256 }]) => `${name} ${sha256.slice(0, 8)}`);
  return [
    ["System", `${process.platform} ${process.arch}`],
    ["Processor", `${processor}, ${availableParallelism()} cores`],
    ["Vector instructions", await vectorInstructions()],
    ["Memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["Node", process.versions.node],
    ...names.map((name, index) => [name, versions[index]]),
    ["Models (SHA-256)", models.join(", ")],
  ];
}
