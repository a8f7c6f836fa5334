/** Runs `eager.py`, which times the same model in plain PyTorch. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import sharp from "sharp";
import { run, Stop } from "../command.mjs";
import { preparePython } from "../system.mjs";

/**
 * Writes what the app decodes of each photo, without loss: PyTorch's captions are compared from identical pixels, because
 * the two sides decode and resample a file differently.
 */
async function writePixels({ decodePixels }, samples, folder) {
  for (const { name, bytes } of samples) {
    const { data } = await decodePixels(new Uint8Array(bytes));
    const area = data.length / 3;
    const interleaved = Uint8Array.from({ length: data.length }, (_, index) =>
      Math.round(data[(index % 3) * area + Math.floor(index / 3)] * 255),
    );
    const side = Math.sqrt(area);
    await sharp(interleaved, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(join(folder, `${parse(name).name}.png`));
  }
}

/**
 * @param {typeof import("./library")} library
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {{ runs: number, checkpoint?: string, signal: AbortSignal }} options
 * @returns {Promise<{ python: string, torch: string, encoderMultiplyAdds: number,
 *   gemm: { size: number, multiplyAddsPerSecond: number }[],
 *   rows: { precision: string, beamWidth: number, milliseconds: number[], captions: Record<string, string> }[] }>}
 */
export async function measureEager(library, samples, { runs, checkpoint, signal }) {
  const python = await preparePython("training/requirements.txt");
  const folder = await mkdtemp(join(tmpdir(), "inkling-eager-"));
  try {
    await writePixels(library, samples, folder);
    const output = join(folder, "eager.json");
    const { INFERENCE_THREADS, MODELS_DIRECTORY } = library.env;
    const args = ["-m", "scripts.bench.eager", "--pixels", folder, "--models", MODELS_DIRECTORY, "--output", output];
    args.push("--threads", String(INFERENCE_THREADS), "--runs", String(runs));
    if (checkpoint) args.push("--checkpoint", checkpoint);
    if ((await run(python, args, { signal })) !== 0) {
      signal.throwIfAborted();
      throw new Stop("PyTorch could not be measured: the lines above say why.");
    }
    return JSON.parse(await readFile(output, "utf8"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
