/** The page in Chromium with the models on the visitor's device, in WebAssembly. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { Stop } from "../command.mjs";
import { findChromium } from "../system.mjs";
import { median, quantile, repeat, time } from "./measure.mjs";
import { freshCopy } from "./photos.mjs";
import { watchWriting } from "./watch-worker.mjs";

const ANSWER_WITHIN_MS = 120_000;
/** Where the page keeps what running on this device took: see `lib/ui/run/measured-times.ts`. */
const MEASURED = "inkling.measured";
const MEASURED_QUESTIONS = "inkling.vqa.measured";

/** Uses a browser with a profile of its own, as new as on the visitor's first day, and closes it whatever happens. */
export async function withProfile(use, signal, args = []) {
  signal.throwIfAborted();
  const executablePath = findChromium();
  if (!executablePath) throw new Stop("The browser is not measured without Chromium: install it (Debian: chromium).");
  const profile = await mkdtemp(join(tmpdir(), "inkling-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    // Chromium refuses its sandbox to root, which is what containers run as.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-dev-shm-usage", ...args],
    // This script's own handlers close it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = () => context.close();
  signal.addEventListener("abort", close);
  try {
    context.setDefaultTimeout(ANSWER_WITHIN_MS);
    return await use(context);
  } finally {
    signal.removeEventListener("abort", close);
    await context.close();
    await rm(profile, { recursive: true, maxRetries: 5 });
  }
}

function choose(page, { name, bytes }) {
  const file = { name, mimeType: "image/jpeg", buffer: freshCopy(bytes) };
  return page.getByLabel("Choose a photo").setInputFiles(file);
}

/**
 * Opens the page, has the models loaded on this device, chooses a photo and waits for its caption. A page whose models are
 * there already loads them by itself once a photo is chosen.
 */
async function openOnDevice(page, url, sample, { downloaded = false } = {}) {
  await page.goto(`${url}/captioning`);
  if (!downloaded) {
    await page.getByRole("button", { name: /^Run on this device/ }).click();
    await page.getByText("The model is loaded here").waitFor();
  }
  await choose(page, sample);
  await page.getByRole("figure", { name: "The photo and its caption" }).getByText("On this device").waitFor();
}

/** Does something on the page, and waits for the time that the page then remembers for running on this device. */
async function timeRemembered(page, key, act) {
  const read = () => page.evaluate((name) => localStorage.getItem(name), key);
  const before = await read();
  await act();
  await page.waitForFunction(([name, previous]) => localStorage.getItem(name) !== previous, [key, before]);
  return JSON.parse(await read()).device.at(-1);
}

/** Milliseconds for each sample, from choosing the file to its caption, as the page itself measures them. */
async function timePhotos(page, samples, signal) {
  return await repeat(
    samples.length,
    (index) => timeRemembered(page, MEASURED, () => choose(page, samples[index])),
    signal,
  );
}

/** How many threads the app takes in this browser. */
export function threadsOf(page) {
  return page.evaluate(() => (globalThis.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1));
}

/** A page that is not cross-origin isolated has one thread. */
export async function withoutIsolation(page, path) {
  await page.route(`**${path}`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers["cross-origin-opener-policy"];
    delete headers["cross-origin-embedder-policy"];
    await route.fulfill({ response, headers });
  });
}

/**
 * @param {string} url of the server
 * @param {readonly { name: string, bytes: Buffer }[]} samples the first is captioned
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ coldMs: number, warmMs: number, version: string }>} medians: from opening the page to the first caption
 *   made on the device, with nothing and with everything downloaded
 */
export async function measureLoads(url, samples, { runs, signal }) {
  const loads = await repeat(
    runs,
    () =>
      withProfile(async (context) => {
        const open = async (downloaded) => {
          const page = await context.newPage();
          const milliseconds = await time(() => openOnDevice(page, url, samples[0], { downloaded }));
          await page.close();
          return milliseconds;
        };
        return { cold: await open(false), warm: await open(true), version: context.browser()?.version() ?? "" };
      }, signal),
    signal,
  );
  return {
    coldMs: median(loads.map(({ cold }) => cold)),
    warmMs: median(loads.map(({ warm }) => warm)),
    version: loads[0].version,
  };
}

/**
 * @param {string} url of the server
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ threads: number, milliseconds: number }[]>} medians a photo: with one thread, and with as many as the
 *   app takes in this browser
 */
export async function measurePhotos(url, samples, { runs, signal }) {
  return await repeat(
    2,
    (index) =>
      withProfile(async (context) => {
        const page = await context.newPage();
        if (index === 0) await withoutIsolation(page, "/captioning");
        await openOnDevice(page, url, samples[0]);
        const threads = await threadsOf(page);
        if (index === 0 && threads !== 1) throw new Stop("The page has threads although it should not have any.");
        // The first photos are slower: the browser is still compiling.
        await timePhotos(page, samples, signal);
        const passes = await repeat(runs, () => timePhotos(page, samples, signal), signal);
        return { threads, milliseconds: median(passes.flat()) };
      }, signal),
    signal,
  );
}

/**
 * Questions to the page that answers them, with the models on this device.
 *
 * @param {string} url of the server
 * @param {readonly { name: string, bytes: Buffer }[]} samples
 * @param {readonly string[]} questions
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ first: number, cached: { p50: number, p95: number }, version: string }>} milliseconds, as the page itself
 *   measures them: the first question on a new photo (median), and those that follow
 */
export async function measureQuestionsOnDevice(url, samples, questions, { runs, signal }) {
  return await withProfile(async (context) => {
    const page = await context.newPage();
    const field = page.getByRole("textbox", { name: "Ask about the photo" });
    const ask = (question) =>
      timeRemembered(page, MEASURED_QUESTIONS, async () => {
        await field.fill(question);
        await field.press("Enter");
      });
    await page.goto(`${url}/vqa`);
    await page.getByRole("button", { name: /^Run on this device/ }).click();
    await page.getByText("The model is loaded here").waitFor();
    const onPhoto = async (index) => {
      // The question that stands there is answered as soon as the photo is.
      const first = await timeRemembered(page, MEASURED_QUESTIONS, () => choose(page, samples[index]));
      // An answer that is there already is not made again.
      const standing = await field.inputValue();
      const others = questions.filter((question) => question !== standing);
      return { first, cached: await repeat(others.length, (each) => ask(others[each]), signal) };
    };
    const pass = () => repeat(samples.length, onPhoto, signal);
    // The first questions are slower: the browser is still compiling.
    await pass();
    const photos = (await repeat(runs, pass, signal)).flat();
    const cached = photos.flatMap((photo) => photo.cached);
    return {
      first: median(photos.map(({ first }) => first)),
      cached: { p50: median(cached), p95: quantile(cached, 0.95) },
      version: context.browser()?.version() ?? "",
    };
  }, signal);
}

/**
 * Lines to the page that writes by hand, with the model on this device.
 *
 * @param {string} url of the server
 * @param {readonly string[]} texts each on one line
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ pointsPerSecond: number, firstInk: { p50: number, p95: number }, threads: number, version: string }>}
 *   `pointsPerSecond` is the median, `firstInk` milliseconds from the page's asking its worker to the first ink's being there
 */
export async function measureWritingOnDevice(url, texts, { runs, signal }) {
  return await withProfile(async (context) => {
    const page = await context.newPage();
    await page.addInitScript(watchWriting);
    const count = () => page.evaluate(() => globalThis.inklingWritings.length);
    /** Does something on the page, and waits for what the worker writes then. */
    const writing = async (act) => {
      const before = await count();
      await act();
      await page.waitForFunction((done) => globalThis.inklingWritings.length > done, before);
      return await page.evaluate(() => globalThis.inklingWritings.at(-1));
    };
    const field = page.getByRole("textbox", { name: "Text" });
    const write = async (text) => {
      await field.fill(text);
      // Whoever leaves the field has finished: the page does not wait for another letter.
      await field.blur();
    };
    const again = page.getByRole("button", { name: "Write it differently" });
    await page.goto(`${url}/handwriting`);
    await writing(() => page.getByRole("button", { name: /^Run on this device/ }).click());
    const onText = async (index) => {
      // The first line of a text is slower: the runtime has not met its shape.
      await writing(() => write(texts[index]));
      const lines = await repeat(runs, () => writing(() => again.click()), signal);
      if (lines.some(({ text }) => text !== texts[index]))
        throw new Stop("The page wrote another text than was typed.");
      return lines;
    };
    const lines = (await repeat(texts.length, onText, signal)).flat();
    const firstInk = lines.map(({ firstInkMs }) => firstInkMs);
    return {
      pointsPerSecond: median(lines.map(({ points, milliseconds }) => points / (milliseconds / 1000))),
      firstInk: { p50: median(firstInk), p95: quantile(firstInk, 0.95) },
      threads: await threadsOf(page),
      version: context.browser()?.version() ?? "",
    };
  }, signal);
}
