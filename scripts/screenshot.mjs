/**
 * Takes the picture of the captioning page that README.md shows, from a running server. Run it after
 * `scripts/precompute-examples.mjs` and a build:
 *
 *     node scripts/screenshot.mjs http://localhost:3000
 */
import { writeFile } from "node:fs/promises";
import { chromium } from "@playwright/test";
import sharp from "sharp";
import { main } from "./command.mjs";

const PICTURE = "docs/screenshot-captioning.webp";
const VIEW = { width: 1280, height: 900 };

await main(async () => {
  const origin = process.argv[2] ?? "http://localhost:3000";
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const page = await browser.newPage({ viewport: VIEW, deviceScaleFactor: 1.25, reducedMotion: "reduce" });
    await page.goto(`${origin}/captioning`, { waitUntil: "networkidle" });
    const words = page.getByRole("toolbar").getByRole("button");
    // The word that says what the photo shows, or else the second.
    const dog = words.filter({ hasText: /^dog$/ });
    await ((await dog.count()) > 0 ? dog.first() : words.nth(1)).hover();
    // The gaze takes a moment to get there.
    await page.waitForTimeout(500);
    await writeFile(
      PICTURE,
      await sharp(await page.screenshot())
        .webp({ quality: 82, effort: 6 })
        .toBuffer(),
    );
  } finally {
    await browser.close();
  }
  console.log(`The page is in ${PICTURE}.`);
});
