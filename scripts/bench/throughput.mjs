/** Clients that each send their next photo as soon as they have an answer. */
import { caption, readBatches } from "./client.mjs";
import { median, repeat } from "./measure.mjs";
import { freshCopy } from "./photos.mjs";

const CLIENTS = [1, 8, 32];
/** Photos of one run, whatever the number of clients. */
const PHOTOS = 96;

/** @returns {Promise<number>} photos a second */
async function load(url, samples, clients, signal) {
  let next = 0;
  const client = async () => {
    while (next < PHOTOS) {
      signal.throwIfAborted();
      const { bytes } = samples[next % samples.length];
      next += 1;
      await caption(url, freshCopy(bytes), {}, signal);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return PHOTOS / ((performance.now() - start) / 1000);
}

/**
 * @param {string} url of the server
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ clients: number, photosPerSecond: number, meanBatch: number }[]>} medians over the runs
 */
export async function measureThroughput(url, samples, { runs, signal }) {
  return await repeat(
    CLIENTS.length,
    async (index) => {
      const clients = CLIENTS[index];
      await load(url, samples, clients, signal);
      const before = await readBatches(url, "vision", signal);
      const rates = await repeat(runs, () => load(url, samples, clients, signal), signal);
      const after = await readBatches(url, "vision", signal);
      return {
        clients,
        photosPerSecond: median(rates),
        meanBatch: (after.items - before.items) / (after.batches - before.batches),
      };
    },
    signal,
  );
}
