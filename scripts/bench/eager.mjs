/** Runs `eager.py`, `eager_questions.py` and `eager_handwriting.py`, which time the same models in plain PyTorch. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import sharp from "sharp";
import { run, Stop } from "../command.mjs";
import { preparePython } from "../system.mjs";

/**
 * Writes each photo, and what the app decodes of it, without loss: PyTorch's captions are compared from identical pixels,
 * because the two sides decode and resample a file differently.
 */
async function writePhotos({ decodePixels }, samples, folder) {
  for (const { name, bytes } of samples) {
    await writeFile(join(folder, name), bytes);
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
 * Captioning.
 *
 * @param {typeof import("./library")} library
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {{ runs: number, checkpoint?: string, signal: AbortSignal }} options
 * @returns {Promise<{ python: string, torch: string, encoderMultiplyAdds: number,
 *   gemm: { size: number, multiplyAddsPerSecond: number }[],
 *   rows: { precision: string, beamWidth: number, milliseconds: number[], captions: Record<string, string> }[] }>}
 */
export async function measureEager(library, samples, { runs, checkpoint, signal }) {
  const own = checkpoint ? ["--checkpoint", checkpoint] : [];
  return await runOnPhotos("scripts.bench.eager", own, library, samples, { runs, signal });
}

/**
 * Question answering on photos whose regions are kept.
 *
 * @param {readonly string[]} questions
 * @returns {Promise<{ python: string, torch: string,
 *   rows: { name: string, milliseconds: number[], answers: Record<string, string> }[] }>} `answers` by photo and question
 */
export async function measureEagerQuestions(library, samples, questions, { runs, signal }) {
  const own = questions.flatMap((question) => ["--question", question]);
  return await runOnPhotos("scripts.bench.eager_questions", own, library, samples, { runs, signal });
}

/**
 * Handwriting.
 *
 * @param {{ texts: readonly string[], bias: number, settings: readonly { lines: number, threads: number }[] }} what
 * @returns {Promise<{ python: string, torch: string, rows: { lines: number, threads: number, pointsPerSecond: number[] }[] }>}
 *   a row a setting
 */
export async function measureEagerHandwriting(library, { texts, bias, settings }, options) {
  const own = [
    ...settings.flatMap(({ lines, threads }) => ["--setting", `${lines}x${threads}`]),
    ...texts.flatMap((text) => ["--text", text]),
    "--bias",
    String(bias),
  ];
  return await runEager("scripts.bench.eager_handwriting", own, library, options);
}

async function runOnPhotos(module, own, library, samples, options) {
  const folder = await mkdtemp(join(tmpdir(), "inkling-eager-"));
  try {
    await writePhotos(library, samples, folder);
    const threads = String(library.env.INFERENCE_THREADS);
    const args = ["--photos", folder, "--pixels", folder, "--threads", threads, ...own];
    return await runEager(module, args, library, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runEager(module, own, { env }, { runs, signal }) {
  const python = await preparePython("training/requirements.txt");
  const folder = await mkdtemp(join(tmpdir(), "inkling-eager-"));
  try {
    const output = join(folder, "eager.json");
    const args = ["-m", module, "--models", env.MODELS_DIRECTORY, "--runs", String(runs), "--output", output, ...own];
    if ((await run(python, args, { signal })) !== 0) {
      signal.throwIfAborted();
      throw new Stop("PyTorch could not be measured: the lines above say why.");
    }
    return JSON.parse(await readFile(output, "utf8"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
