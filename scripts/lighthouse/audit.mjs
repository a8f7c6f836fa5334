/** Lighthouse over pages of a running app, with its own profile of a phone on a slow network. */
import { chromium } from "@playwright/test";
import lighthouse from "lighthouse";
import { findFreePort } from "../port.mjs";
import { findChromium } from "../system.mjs";

export const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** Of 100, in each category. */
export const LEAST = 95;

/**
 * @typedef {object} Audit
 * @property {Record<string, number>} scores of 100, by category
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
      await visit(browser, address);
      const result = await lighthouse(address, { port, logLevel: "error", onlyCategories: [...categories] });
      if (!result || result.lhr.runtimeError) {
        throw new Error(`Lighthouse could not audit ${address}: ${result?.lhr.runtimeError?.message ?? "no result"}`);
      }
      onAudit(address, summarise(result.lhr));
    }
  } finally {
    await browser.close();
  }
}

async function visit(browser, address) {
  const page = await browser.newPage();
  await page.goto(address, { waitUntil: "networkidle" });
  await page.close();
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
