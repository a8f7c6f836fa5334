/** Load as it comes: at a rate that does not heed how fast the server answers, or from clients who wait for their answers. */
import { median, quantile } from "../bench/measure.mjs";
import { pickKind, send, visitorAddress } from "./traffic.mjs";

/** Uniform numbers that are the same in every run (mulberry32). */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Requests that may be under way: beyond it the offered rate would be the client's own trouble. */
const MOST_UNDER_WAY = 2000;
const RETRY_AFTER_MS = 2000;
let visitors = 0;

/** @typedef {{ kind: string, status: number, milliseconds: number, reranked?: boolean }} Answer `reranked` for captions alone */

/** Whether captions were re-ranked; undefined where there are none. */
function readReranked(kind, status, text) {
  return kind === "caption" && status === 200 ? JSON.parse(text).reranked : undefined;
}

/**
 * Requests at a mean rate, at random times (a Poisson process: an open loop), each from a visitor of its own.
 *
 * @param {string} url of the server
 * @param {ReturnType<typeof import("./traffic.mjs").createTraffic>} traffic
 * @param {{ perSecond: number, seconds: number, signal: AbortSignal, seed?: number }} options
 * @returns {Promise<Answer[]>} once all are answered
 */
export async function offer(url, traffic, { perSecond, seconds, signal, seed = 1 }) {
  const random = createRandom(seed);
  const under = new Set();
  const answers = [];
  const start = performance.now();
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    if (at > seconds * 1000) break;
    const wait = start + at - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    signal.throwIfAborted();
    const kind = pickKind(random());
    visitors += 1;
    if (under.size >= MOST_UNDER_WAY)
      throw new Error(`${MOST_UNDER_WAY} requests are under way: the server does not refuse any.`);
    const message = traffic[kind](visitors);
    const sent = send(url, message, { address: visitorAddress(visitors), signal }).then(
      ({ status, milliseconds, text }) => {
        answers.push({ kind, status, milliseconds, reranked: readReranked(kind, status, text) });
        under.delete(sent);
      },
    );
    under.add(sent);
  }
  await Promise.all(under);
  return answers;
}

/**
 * Places that each send the next request when the last is answered (a closed loop), each a visitor of its own.
 *
 * @returns {Promise<Answer[]>}
 */
export async function loop(url, traffic, { places, seconds, signal, seed = 2 }) {
  const random = createRandom(seed);
  const answers = [];
  const end = performance.now() + seconds * 1000;
  const place = async (address) => {
    while (performance.now() < end) {
      signal.throwIfAborted();
      const kind = pickKind(random());
      visitors += 1;
      const { status, milliseconds, text } = await send(url, traffic[kind](visitors), { address, signal });
      answers.push({ kind, status, milliseconds, reranked: readReranked(kind, status, text) });
      // As a client does that heeds `retry-after`.
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  };
  await Promise.all(Array.from({ length: places }, (_, index) => place(visitorAddress(index))));
  return answers;
}

/**
 * @param {readonly Answer[]} answers
 * @param {number} seconds in which they were asked for
 */
export function summarise(answers, seconds) {
  const good = answers.filter(({ status }) => status === 200);
  const share = (test) =>
    answers.length === 0 ? 0 : answers.filter(({ status }) => test(status)).length / answers.length;
  const times = (of) => {
    const values = of.map(({ milliseconds }) => milliseconds);
    return values.length === 0 ? undefined : { p50: median(values), p95: quantile(values, 0.95), count: values.length };
  };
  const captions = answers.filter(({ reranked }) => reranked !== undefined);
  const kinds = [...new Set(answers.map(({ kind }) => kind))].sort();
  return {
    offered: answers.length / seconds,
    goodput: good.length / seconds,
    refused: share((status) => status === 503),
    late: share((status) => status === 504),
    /** Neither answered, nor refused as the API says. */
    broken: share((status) => ![200, 503, 504].includes(status)),
    /** Of the captions; undefined where there are none. */
    reranked: captions.length === 0 ? undefined : captions.filter(({ reranked }) => reranked).length / captions.length,
    all: times(good),
    kinds: Object.fromEntries(kinds.map((kind) => [kind, times(good.filter((each) => each.kind === kind))])),
  };
}
