/** How the server bears 1, 2 and 5 times what it holds. */
import { readMetric } from "../bench/client.mjs";
import { milliseconds, percent, ratio, table } from "../bench/table.mjs";
import { loop, offer, summarise } from "./offer.mjs";
import { createTraffic, SHARES, send } from "./traffic.mjs";

/** Times of what the machine holds. */
const LEVELS = [1, 2, 5];
/** Places of the closed loop that finds out how much that is. */
const PLACES = 16;
const QUIET_WITHIN_MS = 30_000;

export async function readMetrics(url, signal) {
  return await (await fetch(`${url}/api/metrics`, { signal })).text();
}

/** Waits until nothing is under way, and says how much memory the server has then, in bytes. */
async function settledMemory(url, signal) {
  const end = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const text = await readMetrics(url, signal);
    const isQuiet = readMetric(text, "inkling_workers_running") === 0;
    if (isQuiet || performance.now() > end) return readMetric(text, "process_resident_memory_bytes");
  }
}

/** Sends a photo that later questions name by its hash. */
export async function prepareTraffic(url, samples, signal) {
  const first = createTraffic(samples, "").question(0);
  const { status, text } = await send(url, first, { signal });
  if (status !== 200) throw new Error(`The server answered ${status}: ${text}`);
  return createTraffic(samples, JSON.parse(text).image.sha256);
}

/**
 * @param {string} url of the server
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ seconds: number, signal: AbortSignal, say?: (what: string) => void }} options `seconds` of each level
 */
export async function measureLoad(url, samples, { seconds, signal, say = () => {} }) {
  const traffic = await prepareTraffic(url, samples, signal);
  // The first requests are slower: the runtime meets new shapes.
  await loop(url, traffic, { places: 4, seconds: seconds / 4, signal });
  say("one request after the other");
  const unloaded = summarise(await loop(url, traffic, { places: 1, seconds, signal }), seconds);
  say("what the machine holds");
  const closed = summarise(await loop(url, traffic, { places: PLACES, seconds, signal }), seconds);
  const memoryBefore = await settledMemory(url, signal);
  const levels = [];
  for (const times of LEVELS) {
    say(`${times} times that`);
    const perSecond = times * closed.goodput;
    const answers = await offer(url, traffic, { perSecond, seconds, signal, seed: 10 + times });
    levels.push({ times, ...summarise(answers, seconds), memory: await settledMemory(url, signal) });
  }
  // Memory is compared after the same traffic: garbage is collected only as more comes up.
  say("what the machine held before");
  const again = summarise(await loop(url, traffic, { places: PLACES, seconds, signal }), seconds);
  const memoryAfter = await settledMemory(url, signal);
  const restarts = readMetric(await readMetrics(url, signal), "inkling_worker_restarts_total");
  return { seconds, unloaded, closed, levels, again, memoryBefore, memoryAfter, restarts };
}

/** @returns {{ target: string, measured: string, met: boolean }[]} */
export function loadTargets({ unloaded, closed, levels, again, memoryBefore, memoryAfter, restarts }) {
  const twice = levels.find(({ times }) => times === 2);
  // Beyond that load, more of what is answered is of the kinds that cost next to nothing: their count is no throughput to compare with.
  const upToTwice = levels.filter(({ times }) => times <= 2);
  const peak = Math.max(closed.goodput, ...upToTwice.map(({ goodput }) => goodput));
  const slowdown = (twice.all?.p95 ?? Number.POSITIVE_INFINITY) / unloaded.all.p95;
  const broken = Math.max(...[unloaded, closed, ...levels, again].map((level) => level.broken));
  const memory = memoryAfter / memoryBefore;
  return [
    {
      target: "At 2×, goodput is within 10 % of the peak up to there",
      measured: percent(twice.goodput / peak),
      met: twice.goodput >= 0.9 * peak,
    },
    { target: "At 2×, p95 of what is answered is under 3× of unloaded", measured: ratio(slowdown), met: slowdown < 3 },
    { target: "Nothing but 200, 503 and 504", measured: `${percent(broken)} else`, met: broken === 0 },
    { target: "Memory is back within 10 % afterwards", measured: percent(memory), met: memory <= 1.1 },
    { target: "No worker died", measured: `${restarts} restarts`, met: restarts === 0 },
  ];
}

const span = (times) => (times ? `${milliseconds(times.p50)} / ${milliseconds(times.p95)}` : "–");
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** @returns {string} Markdown */
export function reportLoad(machine, result) {
  const { seconds, unloaded, closed, levels, again, memoryBefore, memoryAfter } = result;
  const rows = [
    ["one after the other", unloaded, undefined],
    [`${PLACES} visitors, each with one request at a time`, closed, memoryBefore],
    ...levels.map((level) => [`${level.times}× of that`, level, level.memory]),
    [`${PLACES} visitors again`, again, memoryAfter],
  ];
  const kinds = Object.keys(SHARES);
  return [
    table(["Measured on", ""], machine),
    `${seconds} s each; ${Object.entries(SHARES)
      .map(([kind, share]) => `${percent(share)} ${kind}`)
      .join(", ")}.`,
    table(
      ["Load", "Offered/s", "Goodput/s", "p50 / p95, ms", "503", "504", "else", "Captions re-ranked", "Memory after"],
      rows.map(([name, level, memory]) => [
        name,
        level.offered.toFixed(1),
        level.goodput.toFixed(1),
        span(level.all),
        percent(level.refused),
        percent(level.late),
        percent(level.broken),
        level.reranked === undefined ? "–" : percent(level.reranked),
        memory === undefined ? "" : mebibytes(memory),
      ]),
    ),
    "p50 / p95 of what was answered, ms, by kind of request:",
    table(
      ["Load", ...kinds],
      rows.map(([name, level]) => [name, ...kinds.map((kind) => span(level.kinds[kind]))]),
    ),
    table(
      ["Target", "Measured", "Met"],
      loadTargets(result).map(({ target, measured, met }) => [target, measured, met ? "yes" : "no"]),
    ),
  ].join("\n\n");
}
