/** The vision encoder, the beam search and the re-ranking by themselves, as one worker of the server runs them. */
import { median, repeat, time } from "./measure.mjs";

const BATCHES = [1, 2, 4, 8];

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} size
 * @returns {Item[][]} groups that hold every item; the last is filled up from the beginning
 */
export function groupsOf(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    Array.from({ length: size }, (_, index) => items[(group * size + index) % items.length]),
  );
}

/**
 * @param {typeof import("./library")} library
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ batch: number, encodeMs: number, searchMs: number, rerankMs: number }[]>} milliseconds a photo, the
 *   median for each batch; `searchMs` is the beam search of the API's default width, `rerankMs` what re-ranking adds to it
 */
export async function measureStages(library, samples, { runs, signal }) {
  const { createCaptioner, createNodeEngine, createRegionEncoder, decodePixels, env, mirrorPixels } = library;
  const engine = createNodeEngine({
    modelsDirectory: env.MODELS_DIRECTORY,
    device: "cpu",
    threads: env.INFERENCE_THREADS,
  });

  /** The median over every item and run. */
  async function medianTime(items, body) {
    const pass = () => repeat(items.length, (index) => time(() => body(items[index])), signal);
    return median((await repeat(runs, pass, signal)).flat());
  }

  try {
    const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
    const photos = await Promise.all(samples.map(({ bytes }) => decodePixels(new Uint8Array(bytes))));
    const pixels = photos.map(({ data }) => data);
    return await repeat(
      BATCHES.length,
      async (index) => {
        const batch = BATCHES[index];
        const groups = groupsOf(pixels, batch);
        const encoded = await repeat(groups.length, (group) => encoder.encode(groups[group]), signal);
        const options = (rerank) => Array.from({ length: batch }, () => ({ rerank }));
        const search = (regions) => captioner.caption({ regions }, options(false));
        // Re-ranking looks at the mirrored photos too, and so encodes them.
        const rerank = async (group) => {
          const regions = encoded[group];
          const mirrored = await encoder.encode(groups[group].map(mirrorPixels));
          return captioner.caption({ regions, mirrored }, options(true));
        };
        await rerank(0);
        const encodeMs = (await medianTime(groups, (group) => encoder.encode(group))) / batch;
        const searchMs = (await medianTime(encoded, search)) / batch;
        const rerankMs = (await medianTime([...groups.keys()], rerank)) / batch - searchMs;
        return { batch, encodeMs, searchMs, rerankMs };
      },
      signal,
    );
  } finally {
    await engine.dispose();
  }
}
