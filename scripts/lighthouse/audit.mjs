/** Lighthouse over pages of a running app, with its own profile of a phone on a slow network. */
import { chromium } from "@playwright/test";
import lighthouse from "lighthouse";
import { defaultSettings } from "lighthouse/core/config/constants.js";
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";
import { findFreePort } from "../port.mjs";
import { findChromium } from "../system.mjs";

export const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** Of 100, in each category. */
export const LEAST = 95;

/**
 * Lighthouse slows a processor down fourfold to that of a phone, and means one of this benchmark index: `environment.js` in its
 * `core/gather/driver` warns below 1,000, which it calls twice as slow as the device it expects. A slower one is slowed down less,
 * as its `docs/throttling.md` asks for.
 */
const EXPECTED_INDEX = 2000;
const SLOWDOWN = 4;

/**
 * @typedef {object} Audit
 * @property {Record<string, number>} scores of 100, by category
 * @property {number} slowdown of the processor, to that of a phone
 * @property {number | undefined} scriptBytes of JavaScript that came over the network; known where performance is audited
 * @property {string[]} failures what a category lost points for
 */

/**
 * Audits one page after the other, each with nothing kept from before in the browser, on a server that has been visited: it has made
 * the page's pictures smaller.
 *
 * @param {readonly string[]} addresses
 * @param {readonly string[]} categories
 * @param {(address: string, audit: Audit) => void} onAudit
 */
export async function auditPages(addresses, categories, onAudit) {
  const port = await findFreePort();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [
      `--remote-debugging-port=${port}`,
      "--disable-dev-shm-usage",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
  try {
    for (const address of addresses) {
      const index = await visit(browser, address);
      const slowdown = Math.min(SLOWDOWN, Math.max(1, (SLOWDOWN * index) / EXPECTED_INDEX));
      const settings = {
        onlyCategories: [...categories],
        throttling: { ...defaultSettings.throttling, cpuSlowdownMultiplier: slowdown },
      };
      const result = await lighthouse(address, { port, logLevel: "error", ...settings });
      if (!result || result.lhr.runtimeError) {
        throw new Error(`Lighthouse could not audit ${address}: ${result?.lhr.runtimeError?.message ?? "no result"}`);
      }
      onAudit(address, { slowdown, ...summarise(result.lhr) });
    }
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<number>} the benchmark index of this machine at this time */
async function visit(browser, address) {
  const page = await browser.newPage();
  await page.goto(address, { waitUntil: "networkidle" });
  const index = await page.evaluate(pageFunctions.computeBenchmarkIndex);
  await page.close();
  return index;
}

function summarise({ categories, audits }) {
  const lost = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9),
  );
  const requests = audits["network-requests"]?.details?.items;
  const scripts = requests?.filter(({ resourceType }) => resourceType === "Script");
  return {
    scriptBytes: scripts?.reduce((sum, { transferSize }) => sum + transferSize, 0),
    scores: Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)])),
    failures: lost.map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`),
  };
}
