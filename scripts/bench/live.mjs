/** The live page in Chromium before a fake camera: captions a second, what they take, long tasks, and memory over two minutes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { threadsOf, withoutIsolation, withProfile } from "./browser.mjs";
import { writeFilm } from "./camera-film.mjs";
import { median } from "./measure.mjs";
import { watchFrames } from "./watch-frames.mjs";

const PAGE = "/captioning/live";
/** Not measured: the browser still compiles, and the page still settles. */
const WARM_UP_MS = 10_000;
const RATE_MS = 30_000;
const MEMORY_MS = 120_000;
const MEMORY_EVERY_MS = 10_000;

/**
 * A straight line through points, by least squares.
 *
 * @param {readonly { x: number, y: number }[]} points at least two
 * @returns {number} its slope
 */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const over = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return over / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

/** Bytes of the page and its workers, JavaScript and WebAssembly, after a collection of garbage. */
function readMemory(page) {
  return page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
}

async function watch(page, milliseconds) {
  const from = await page.evaluate(() => performance.now());
  await wait(milliseconds);
  return await page.evaluate((start) => {
    const to = performance.now();
    return {
      seconds: (to - start) / 1000,
      frames: globalThis.inklingFrames.filter(({ at }) => at >= start),
      longTasks: globalThis.inklingLongTasks.filter(({ startTime }) => startTime >= start),
    };
  }, from);
}

/**
 * @param {string} url of the server
 * @param {readonly { bytes: Buffer }[]} photos what the camera passes over
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ rates: object[], memory: { seconds: number, startBytes: number, bytesAMinute: number }, version: string }>}
 *   `rates`: with each encoder, with one thread and with as many as the app takes in this browser
 */
export async function measureLive(url, photos, { signal }) {
  const folder = await mkdtemp(join(tmpdir(), "inkling-camera-"));
  const film = join(folder, "film.mjpeg");
  const args = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
    "--enable-blink-features=ForceEagerMeasureMemory",
  ];
  const open = async (context, { encoder, threads }) => {
    const page = await context.newPage();
    await page.addInitScript(watchFrames);
    if (threads === 1) await withoutIsolation(page, PAGE);
    await page.goto(`${url}${PAGE}`);
    await page.getByRole("checkbox", { name: "Quick look" }).setChecked(encoder === "live");
    await page.getByRole("button", { name: /^Start the camera.*\d MB/ }).click();
    await page.getByText(/captions a second/).waitFor();
    await wait(WARM_UP_MS);
    return page;
  };
  const measureRate = async (page, encoder) => {
    const { seconds, frames, longTasks } = await watch(page, RATE_MS);
    const part = (name) => median(frames.map((frame) => frame[name]));
    return {
      encoder,
      threads: await threadsOf(page),
      captionsPerSecond: frames.length / seconds,
      ...{ total: part("total"), decode: part("decode"), encode: part("encode"), generate: part("generate") },
      longTasks: longTasks.length,
    };
  };
  try {
    await writeFilm(film, photos, signal);
    const rateOf = (choice) =>
      withProfile(async (context) => measureRate(await open(context, choice), choice.encoder), signal, args);
    const others = [
      await rateOf({ encoder: "vision", threads: 1 }),
      await rateOf({ encoder: "vision" }),
      await rateOf({ encoder: "live", threads: 1 }),
    ];
    const rest = await withProfile(
      async (context) => {
        const page = await open(context, { encoder: "live" });
        const rate = await measureRate(page, "live");
        const start = performance.now();
        const points = [];
        while (performance.now() - start <= MEMORY_MS) {
          signal.throwIfAborted();
          points.push({ x: (performance.now() - start) / 60_000, y: await readMemory(page) });
          await wait(MEMORY_EVERY_MS);
        }
        const longTasks = await page.evaluate(
          () => globalThis.inklingLongTasks.filter(({ startTime }) => startTime > performance.now() - 120_000).length,
        );
        const memory = { startBytes: points[0].y, bytesAMinute: slope(points), longTasks };
        return { rate, memory, version: context.browser()?.version() ?? "" };
      },
      signal,
      args,
    );
    return { rates: [...others, rest.rate], memory: rest.memory, version: rest.version };
  } finally {
    await rm(folder, { recursive: true });
  }
}
