/** Question answering: a new photo's first question, and those that follow on the photo that is kept. */
import { Stop } from "../command.mjs";
import { ask, readBatches } from "./client.mjs";
import { median, quantile, repeat, time } from "./measure.mjs";
import { freshCopy } from "./photos.mjs";

/** Of the kinds and lengths that visitors ask. */
export const QUESTIONS = [
  "What is in the picture?",
  "How many people are there?",
  "What color is the background?",
  "Where was this picture taken?",
  "Is there a dog in the picture?",
  "What is the man on the left holding in his hand?",
];

const CLIENTS = [1, 8, 32];
/** Questions of one run, whatever the number of clients. */
const ASKED = 480;

const spread = (milliseconds) => ({ p50: median(milliseconds), p95: quantile(milliseconds, 0.95) });

/**
 * The answers by themselves, as one worker of the server gives them: without HTTP and copying between threads.
 *
 * @param {typeof import("./library")} library
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<number>} milliseconds a question on a photo that is prepared, the median
 */
export async function measureAnswerer(library, samples, { runs, signal }) {
  const { createAnswerer, createNodeEngine, createRegionEncoder, decodePixels, env } = library;
  const engine = createNodeEngine({
    modelsDirectory: env.MODELS_DIRECTORY,
    device: "cpu",
    threads: env.INFERENCE_THREADS,
  });
  try {
    const encoder = await createRegionEncoder(engine);
    const pixels = await Promise.all(samples.map(({ bytes }) => decodePixels(new Uint8Array(bytes))));
    const regions = await encoder.encode(pixels.map(({ data }) => data));
    const answerer = await createAnswerer(engine, regions.dims[2]);
    const photos = await answerer.prepare(regions);
    const onPhoto = (photo) =>
      repeat(
        QUESTIONS.length,
        (index) => time(() => answerer.answer([photos[photo]], [{ question: QUESTIONS[index], photo: 0 }])),
        signal,
      );
    const pass = () => repeat(photos.length, onPhoto, signal);
    await pass();
    return median((await repeat(runs, pass, signal)).flat(2));
  } finally {
    await engine.dispose();
  }
}

/**
 * One client that asks one question after the other.
 *
 * @param {string} url of the server
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ first: { p50: number, p95: number }, cached: { p50: number, p95: number, answerMs: number },
 *   answers: Record<string, string> }>} milliseconds: a new photo with its first question, and a question by the photo's hash,
 *   `answerMs` being the server's own part of it; `answers` are the best ones by photo and question
 * @throws {Stop} when a photo that is kept was encoded again
 */
export async function measureQuestions(url, samples, { runs, signal }) {
  const answers = {};
  const onPhoto = async ({ name, bytes }) => {
    const [question] = QUESTIONS;
    const first = await ask(url, { image: freshCopy(bytes), question }, signal);
    const imageSha256 = first.answer.image.sha256;
    const cached = await repeat(
      QUESTIONS.length,
      (index) => ask(url, { imageSha256, question: QUESTIONS[index] }, signal),
      signal,
    );
    cached.forEach(({ answer }, index) => {
      if (answer.timings.encode !== 0) throw new Stop(`A question about ${name} had it encoded again.`);
      answers[`${name} ${QUESTIONS[index]}`] = answer.answers[0].text;
    });
    return { first, cached };
  };
  const pass = () => repeat(samples.length, (index) => onPhoto(samples[index]), signal);
  await pass();
  const photos = (await repeat(runs, pass, signal)).flat();
  const cached = photos.flatMap((photo) => photo.cached);
  return {
    first: spread(photos.map(({ first }) => first.milliseconds)),
    cached: {
      ...spread(cached.map(({ milliseconds }) => milliseconds)),
      answerMs: median(cached.map(({ answer }) => answer.timings.answer)),
    },
    answers,
  };
}

/**
 * Clients that each ask their next question, on a photo that is kept, as soon as they have an answer.
 *
 * @returns {Promise<{ clients: number, questionsPerSecond: number, meanBatch: number }[]>} medians over the runs
 */
export async function measureQuestionThroughput(url, samples, { runs, signal }) {
  const kept = await repeat(
    samples.length,
    async (index) =>
      (await ask(url, { image: samples[index].bytes, question: QUESTIONS[0] }, signal)).answer.image.sha256,
    signal,
  );
  const load = async (clients) => {
    let next = 0;
    const client = async () => {
      while (next < ASKED) {
        signal.throwIfAborted();
        const imageSha256 = kept[next % kept.length];
        const question = QUESTIONS[Math.floor(next / kept.length) % QUESTIONS.length];
        next += 1;
        await ask(url, { imageSha256, question }, signal);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: clients }, client));
    return ASKED / ((performance.now() - start) / 1000);
  };
  return await repeat(
    CLIENTS.length,
    async (index) => {
      const clients = CLIENTS[index];
      await load(clients);
      const before = await readBatches(url, "vqa", signal);
      const rates = await repeat(runs, () => load(clients), signal);
      const after = await readBatches(url, "vqa", signal);
      const meanBatch = (after.items - before.items) / (after.batches - before.batches);
      return { clients, questionsPerSecond: median(rates), meanBatch };
    },
    signal,
  );
}
