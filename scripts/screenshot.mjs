/**
 * Takes the pictures of the pages that README.md shows, from a running server. Run it after
 * `scripts/precompute-examples.mjs` and a build:
 *
 *     node scripts/screenshot.mjs http://localhost:3000
 */
import { writeFile } from "node:fs/promises";
import { chromium } from "@playwright/test";
import sharp from "sharp";
import { main } from "./command.mjs";

const VIEW = { width: 1280, height: 900 };

const PICTURES = [
  {
    file: "docs/screenshot-captioning.webp",
    path: "/captioning",
    async prepare(page) {
      const words = page.getByRole("toolbar").getByRole("button");
      // The word that says what the photo shows, or else the second.
      const dog = words.filter({ hasText: /^dog$/ });
      await ((await dog.count()) > 0 ? dog.first() : words.nth(1)).hover();
    },
  },
  // It opens with an answer, and with where the model looked for it.
  { file: "docs/screenshot-vqa.webp", path: "/vqa", async prepare() {} },
  {
    file: "docs/screenshot-handwriting.webp",
    path: "/handwriting?seed=7",
    async prepare(page) {
      await page
        .getByRole("figure", { name: "The writing" })
        .getByRole("img", { name: /^Handwriting: / })
        .waitFor();
    },
  },
];

await main(async () => {
  const origin = process.argv[2] ?? "http://localhost:3000";
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    for (const { file, path, prepare } of PICTURES) {
      const page = await browser.newPage({ viewport: VIEW, deviceScaleFactor: 1.25, reducedMotion: "reduce" });
      await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
      await prepare(page);
      // The gaze takes a moment to get there.
      await page.waitForTimeout(500);
      const picture = sharp(await page.screenshot()).webp({ quality: 82, effort: 6 });
      await writeFile(file, await picture.toBuffer());
      console.log(`The page ${path} is in ${file}.`);
    }
  } finally {
    await browser.close();
  }
});
