/** Handwriting: points a second of lines alone and together, and how long the first ink takes. */
import { readBatches, timeFirstInk, write } from "./client.mjs";
import { median, quantile, repeat } from "./measure.mjs";

/** Of the kinds that visitors write, each on one line of the API's default width. */
export const TEXTS = [
  "The quick brown fox jumps over the dog.",
  "Dear reader, thank you for your letter.",
  "Meet me at the station at half past 7.",
  "Milk, bread, 12 eggs and some apples",
  "It was a bright cold day in April.",
  "Happy birthday! We all miss you.",
  "Who is there? Nobody but the wind.",
  "A watched pot never boils, they say.",
];

/** What the API takes where nothing is said. */
export const BIAS = 0.8;
const LINE_WIDTH = 40;

/** What is measured in one process, by this app and by PyTorch. */
export const SETTINGS = [
  { lines: 1, threads: 1 },
  { lines: 1, threads: 2 },
  { lines: 8, threads: 2 },
  { lines: 32, threads: 2 },
];

const CLIENTS = [1, 8, 32];
/** Lines of each client in one run. */
const LINES_A_CLIENT = TEXTS.length;

/**
 * Clients that each have their next line written as soon as the last one is.
 *
 * @param {number} clients
 * @param {(text: string, seed: number) => Promise<number>} writeLine gives how many points were sampled
 * @param {AbortSignal} signal
 * @returns {Promise<number>} points a second
 */
export async function measureRate(clients, writeLine, signal) {
  const lines = clients * LINES_A_CLIENT;
  let next = 0;
  let points = 0;
  const client = async () => {
    while (next < lines) {
      signal.throwIfAborted();
      const line = next;
      next += 1;
      // Not `+=` of what is awaited: that adds to what the sum was before, and the other clients' points are lost.
      const written = await writeLine(TEXTS[line % TEXTS.length], line);
      points += written;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return points / ((performance.now() - start) / 1000);
}

/**
 * The pipeline by itself, as one worker of the server has it: without HTTP and copying between threads.
 *
 * @param {typeof import("./library")} library
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ lines: number, threads: number, pointsPerSecond: number }[]>} medians over the runs
 */
export async function measureWriter({ createNodeEngine, createWriter, env }, { runs, signal }) {
  const measure = async ({ lines, threads }) => {
    const engine = createNodeEngine({ modelsDirectory: env.MODELS_DIRECTORY, device: "cpu", threads });
    try {
      const writer = await createWriter(engine);
      const style = writer.styles.styles[0].id;
      const writeLine = async (text, seed) =>
        (await writer.write(text, { seed, style, bias: BIAS, lineWidth: LINE_WIDTH })).points;
      const pass = () => measureRate(lines, writeLine, signal);
      await pass();
      return { lines, threads, pointsPerSecond: median(await repeat(runs, pass, signal)) };
    } finally {
      await engine.dispose();
    }
  };
  return await repeat(SETTINGS.length, (index) => measure(SETTINGS[index]), signal);
}

/**
 * The server over HTTP, by clients at once.
 *
 * @param {string} url of the server
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ clients: number, pointsPerSecond: number, meanLines: number }[]>} medians over the runs; `meanLines` are
 *   the lines of a chunk
 */
export async function measureWritingThroughput(url, { runs, signal }) {
  const writeLine = async (text, seed) => (await write(url, { text, seed, bias: BIAS }, signal)).points;
  const measure = async (clients) => {
    const pass = () => measureRate(clients, writeLine, signal);
    await pass();
    const before = await readBatches(url, "handwriting", signal);
    const rates = await repeat(runs, pass, signal);
    const after = await readBatches(url, "handwriting", signal);
    const meanLines = (after.items - before.items) / (after.batches - before.batches);
    return { clients, pointsPerSecond: median(rates), meanLines };
  };
  return await repeat(CLIENTS.length, (index) => measure(CLIENTS[index]), signal);
}

/**
 * One client that reads the answer as it comes.
 *
 * @returns {Promise<{ p50: number, p95: number }>} milliseconds from sending the text to having its first ink
 */
export async function measureFirstInk(url, { runs, signal }) {
  const pass = () =>
    repeat(TEXTS.length, (seed) => timeFirstInk(url, { text: TEXTS[seed], seed, bias: BIAS }, signal), signal);
  await pass();
  const times = (await repeat(runs, pass, signal)).flat();
  return { p50: median(times), p95: quantile(times, 0.95) };
}
