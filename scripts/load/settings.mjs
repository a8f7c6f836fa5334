/** What each setting of the queues is worth: the same traffic on servers that differ in one of them. */
import { milliseconds, percent, table } from "../bench/table.mjs";
import { prepareTraffic } from "./load.mjs";
import { loop, summarise } from "./offer.mjs";

/** The values that are tried; one of each is the default. */
const TRIED = {
  INFERENCE_MAX_BATCH: [1, 4, 8, 16],
  INFERENCE_MAX_DELAY_MS: [0, 2, 10],
  INFERENCE_MAX_SLOWDOWN: [1.2, 1.8, 3],
};
/** As `lib/env.ts` has them. */
export const DEFAULTS = { INFERENCE_MAX_BATCH: 8, INFERENCE_MAX_DELAY_MS: 0, INFERENCE_MAX_SLOWDOWN: 1.8 };
const PLACES = 16;

/**
 * @template Result
 * @param {(env: Record<string, string>, use: (url: string) => Promise<Result>) => Promise<Result>} serve starts a server with these
 *   variables, uses it, and stops it
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ seconds: number, signal: AbortSignal, say?: (what: string) => void }} options `seconds` for each server
 */
export async function measureSettings(serve, samples, { seconds, signal, say = () => {} }) {
  const measure = (env) =>
    serve(env, async (url) => {
      const traffic = await prepareTraffic(url, samples, signal);
      await loop(url, traffic, { places: 4, seconds: seconds / 6, signal });
      const alone = summarise(await loop(url, traffic, { places: 1, seconds: seconds / 3, signal }), seconds / 3);
      return {
        alone,
        crowd: summarise(await loop(url, traffic, { places: PLACES, seconds: seconds / 2, signal }), seconds / 2),
      };
    });
  say("the defaults");
  const defaults = await measure({});
  const rows = [];
  for (const [name, values] of Object.entries(TRIED)) {
    for (const value of values) {
      if (value !== DEFAULTS[name]) say(`${name}=${value}`);
      rows.push({ name, value, ...(value === DEFAULTS[name] ? defaults : await measure({ [name]: String(value) })) });
    }
  }
  return { seconds, rows };
}

const span = (times) => (times ? `${milliseconds(times.p50)} / ${milliseconds(times.p95)}` : "–");

/** @returns {string} Markdown */
export function reportSettings(machine, { seconds, rows }) {
  return [
    table(["Measured on", ""], machine),
    `${seconds / 3} s one after the other, ${seconds / 2} s of ${PLACES} visitors with one request at a time; p50 / p95 in ms.`,
    table(
      ["Setting", "One after the other", "Question, kept photo", `${PLACES} visitors: goodput/s`, "503", "p50 / p95"],
      rows.map(({ name, value, alone, crowd }) => [
        `\`${name}=${value}\`${value === DEFAULTS[name] ? " (default)" : ""}`,
        span(alone.all),
        span(alone.kinds["question, kept photo"]),
        crowd.goodput.toFixed(1),
        percent(crowd.refused),
        span(crowd.all),
      ]),
    ),
  ].join("\n\n");
}
