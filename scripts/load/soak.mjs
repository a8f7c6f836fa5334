/** The server under mixed traffic for a long time, with images of all kinds. */
import sharp from "sharp";
import { readMetric } from "../bench/client.mjs";
import { percent, table } from "../bench/table.mjs";
import { prepareTraffic, readMetrics } from "./load.mjs";
import { createRandom, loop, summarise } from "./offer.mjs";
import { pickKind, send, visitorAddress } from "./traffic.mjs";

const SAMPLED_EVERY_MS = 5000;
/** Of the time, after which memory counts. */
const WARM_UP = 0.25;
/** Of what the machine holds. */
const LOAD = 0.7;
/** How much memory may grow in the time that counts, as a share of what there is. */
const MOST_GROWTH = 0.05;

/** Pictures as people have them: every format, turned, tiny, huge, with holes, in few colours, and some that are none. */
export async function createImages(samples) {
  const photo = () => sharp(samples[0].bytes);
  const plain = (width, height, channels) =>
    sharp({ create: { width, height, channels, background: { r: 90, g: 120, b: 60, alpha: 0.5 } } });
  const jpeg = await photo().jpeg().toBuffer();
  return [
    ["jpeg", jpeg],
    ["progressive jpeg", await photo().jpeg({ progressive: true }).toBuffer()],
    ["turned jpeg", await photo().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ["grey jpeg", await photo().greyscale().jpeg().toBuffer()],
    ["cmyk jpeg", await photo().toColourspace("cmyk").jpeg().toBuffer()],
    ["png", await photo().resize(640).png().toBuffer()],
    ["png with holes", await plain(300, 200, 4).png().toBuffer()],
    ["16-bit png", await photo().resize(320).toColourspace("rgb16").png().toBuffer()],
    ["webp", await photo().webp().toBuffer()],
    ["gif", await photo().resize(320).gif().toBuffer()],
    ["avif", await photo().resize(320).avif({ effort: 0 }).toBuffer()],
    ["smallest", await plain(8, 8, 3).png().toBuffer()],
    ["24 megapixels", await plain(6000, 4000, 3).jpeg().toBuffer()],
    ["cut off", jpeg.subarray(0, jpeg.length / 2)],
    ["text", Buffer.from("not an image at all")],
    ["empty", Buffer.alloc(0)],
  ];
}

/** Slope of the least-squares line through points, in units of y a unit of x. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([each]) => each));
  const y = mean(points.map(([, each]) => each));
  const covariance = mean(points.map(([a, b]) => (a - x) * (b - y)));
  const variance = mean(points.map(([a]) => (a - x) ** 2));
  return variance === 0 ? 0 : covariance / variance;
}

/**
 * @param {string} url of the server
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {{ minutes: number, signal: AbortSignal, say?: (what: string) => void }} options
 */
export async function measureSoak(url, samples, { minutes, signal, say = () => {} }) {
  const traffic = await prepareTraffic(url, samples, signal);
  const images = await createImages(samples);
  say("what the machine holds");
  const probeSeconds = Math.min(15, minutes * 6);
  const { goodput } = summarise(await loop(url, traffic, { places: 8, seconds: probeSeconds, signal }), probeSeconds);
  const perSecond = LOAD * goodput;

  say(`${minutes} minutes of ${perSecond.toFixed(1)} requests a second`);
  const random = createRandom(7);
  const statuses = {};
  const memory = [];
  const start = performance.now();
  const end = start + minutes * 60_000;
  const under = new Set();
  let nextSample = start;
  for (let index = 0; performance.now() < end; index += 1) {
    signal.throwIfAborted();
    const now = performance.now();
    if (now >= nextSample) {
      nextSample = now + SAMPLED_EVERY_MS;
      memory.push([
        (now - start) / 3_600_000,
        readMetric(await readMetrics(url, signal), "process_resident_memory_bytes"),
      ]);
    }
    // Every fourth is an image of some kind, a raw body; a few clients hang up.
    const message =
      index % 4 === 0
        ? {
            path: "/api/captioning?beamWidth=1&rerank=false",
            headers: { "content-type": "image/jpeg" },
            body: images[(index / 4) % images.length][1],
          }
        : traffic[pickKind(random())](index);
    const hangUp = random() < 0.02 ? AbortSignal.timeout(1 + Math.floor(random() * 200)) : undefined;
    const sent = send(url, message, { address: visitorAddress(index), signal: hangUp }).then(({ status }) => {
      const name = hangUp?.aborted ? "hung up" : String(status);
      statuses[name] = (statuses[name] ?? 0) + 1;
      under.delete(sent);
    });
    under.add(sent);
    await new Promise((resolve) => setTimeout(resolve, (-Math.log(1 - random()) / perSecond) * 1000));
  }
  await Promise.all(under);
  const counted = memory.slice(Math.floor(memory.length * WARM_UP));
  const bytesPerHour = slope(counted);
  const hours = counted.at(-1)[0] - counted[0][0];
  return {
    minutes,
    perSecond,
    statuses,
    memory: {
      first: counted[0][1],
      last: counted.at(-1)[1],
      bytesPerHour,
      growth: (bytesPerHour * hours) / counted[0][1],
    },
    restarts: readMetric(await readMetrics(url, signal), "inkling_worker_restarts_total"),
  };
}

/** What a server may answer to images of all kinds under moderate load. */
const EXPECTED = ["200", "413", "415", "422", "503", "504", "hung up"];

/** @returns {{ target: string, measured: string, met: boolean }[]} */
export function soakTargets({ statuses, memory, restarts }) {
  const others = Object.keys(statuses).filter((status) => !EXPECTED.includes(status));
  return [
    {
      target: "Memory is flat after the warm-up",
      measured: `${(memory.bytesPerHour / 2 ** 20).toFixed(1)} MiB/h, ${(memory.growth * 100).toFixed(1)} % in the time`,
      met: memory.growth < MOST_GROWTH,
    },
    { target: "No 5xx but 503 and 504", measured: others.join(", ") || "none", met: others.length === 0 },
    { target: "No worker died", measured: `${restarts} restarts`, met: restarts === 0 },
  ];
}

/** @returns {string} Markdown */
export function reportSoak(machine, result) {
  const { minutes, perSecond, statuses } = result;
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return [
    table(["Measured on", ""], machine),
    `${minutes} minutes at ${perSecond.toFixed(1)} requests a second, ${total} requests.`,
    table(
      ["Answer", "Requests", "Share"],
      Object.entries(statuses).map(([status, count]) => [status, count, percent(count / total)]),
    ),
    table(
      ["Target", "Measured", "Met"],
      soakTargets(result).map(({ target, measured, met }) => [target, measured, met ? "yes" : "no"]),
    ),
  ].join("\n\n");
}
