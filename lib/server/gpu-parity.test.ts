import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "@/scripts/system.mjs";
import type { GpuAnswers } from "./fixtures/gpu-answers";

const PROGRAM = "build/gpu-answers.mjs";

/** Every Chromium brings a Vulkan loader and an adapter in software (SwiftShader). */
function softwareAdapter(): string {
  const program = findChromium();
  const folders = program ? [dirname(realpathSync(program)), "/usr/lib/chromium"] : [];
  const folder = folders.find((each) => existsSync(join(each, "vk_swiftshader_icd.json")));
  if (!folder) throw new Error("No Chromium with SwiftShader is here: install Debian's chromium.");
  return folder;
}

function answersOn(device: "cpu" | "webgpu"): GpuAnswers {
  const folder = softwareAdapter();
  const adapter = join(folder, "vk_swiftshader_icd.json");
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, device, "public/samples/cat.webp"], {
    env: { ...process.env, LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: adapter, VK_DRIVER_FILES: adapter },
    encoding: "utf8",
  });
  if (!stdout) throw new Error(`The models did not run on ${device}: ${stderr}`);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  await build({
    entryPoints: ["lib/server/fixtures/gpu-answers.ts"],
    outfile: PROGRAM,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
});

describe("WebGPU in Node, on an adapter in software", () => {
  it("captions, answers and writes as the CPU does", { timeout: 300_000 }, () => {
    const cpu = answersOn("cpu");
    const gpu = answersOn("webgpu");
    expect([cpu.provider, gpu.provider]).toEqual(["cpu", "webgpu"]);
    expect(gpu.captions.map(({ text }) => text)).toEqual(cpu.captions.map(({ text }) => text));
    for (const [rank, { logProbability }] of cpu.captions.entries()) {
      expect(Math.abs((gpu.captions[rank]?.logProbability as number) - logProbability)).toBeLessThan(2e-2);
    }
    expect(gpu.answers[0]?.text).toBe(cpu.answers[0]?.text);
    for (const [rank, { probability }] of cpu.answers.entries()) {
      expect(Math.abs((gpu.answers[rank]?.probability as number) - probability)).toBeLessThan(1e-2);
    }
    expect(gpu.points).toHaveLength(cpu.points.length);
    for (const [place, [x, y]] of cpu.points.entries()) {
      expect(Math.abs((gpu.points[place]?.[0] as number) - (x as number))).toBeLessThan(0.05);
      expect(Math.abs((gpu.points[place]?.[1] as number) - (y as number))).toBeLessThan(0.05);
    }
  });
});
