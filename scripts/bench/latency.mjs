/** One client that sends one photo after the other: what a request takes, and what a second one for the same photo takes. */
import { Stop } from "../command.mjs";
import { caption } from "./client.mjs";
import { median, quantile, repeat } from "./measure.mjs";
import { freshCopy } from "./photos.mjs";

/**
 * @param {string} url of the server
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {{ beamWidth?: number, count?: number }} search
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ p50: number, p95: number, stages: Record<string, number>, captions: Record<string, string> }>}
 *   milliseconds; `stages` are the medians that the server reports, `captions` the best one by photo
 */
export async function measureLatency(url, samples, search, { runs, signal }) {
  const pass = () =>
    repeat(samples.length, (index) => caption(url, freshCopy(samples[index].bytes), search, signal), signal);
  const warmUp = await pass();
  const times = (await repeat(runs, pass, signal)).flat();
  const milliseconds = times.map((each) => each.milliseconds);
  const stages = ["queue", "decode", "encode", "generate"].map((stage) => [
    stage,
    median(times.map(({ answer }) => answer.timings[stage])),
  ]);
  return {
    p50: median(milliseconds),
    p95: quantile(milliseconds, 0.95),
    stages: Object.fromEntries(stages),
    captions: Object.fromEntries(samples.map(({ name }, index) => [name, warmUp[index].answer.captions[0].text])),
  };
}

/**
 * Sends each photo twice and times the second request, which the cache answers without decoding or encoding.
 *
 * @returns {Promise<{ p50: number, p95: number }>} milliseconds
 * @throws {Stop} when a second request was encoded again
 */
export async function measureRepeat(url, samples, { runs, signal }) {
  const second = async (index) => {
    const bytes = freshCopy(samples[index].bytes);
    await caption(url, bytes, {}, signal);
    const { milliseconds, answer } = await caption(url, bytes, {}, signal);
    if (answer.timings.decode !== 0 || answer.timings.encode !== 0) {
      throw new Stop(`The second request for ${samples[index].name} was encoded again.`);
    }
    return milliseconds;
  };
  const times = (await repeat(runs, () => repeat(samples.length, second, signal), signal)).flat();
  return { p50: median(times), p95: quantile(times, 0.95) };
}
