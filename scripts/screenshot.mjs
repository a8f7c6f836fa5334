/**
 * Takes the pictures of the pages that README.md shows, and those that are shown with a shared link, from a running server. Run it after
 * `scripts/precompute-examples.mjs` and a build:
 *
 *     node scripts/screenshot.mjs http://localhost:3000
 */
import { writeFile } from "node:fs/promises";
import { chromium } from "@playwright/test";
import sharp from "sharp";
import { main } from "./command.mjs";

const VIEW = { width: 1280, height: 900 };
/** What is shown with a link (Open Graph). */
const SHARED_VIEW = { width: 1200, height: 630 };

const inkIsThere = (page) =>
  page
    .getByRole("figure", { name: "The writing" })
    .getByRole("img", { name: /^Handwriting: / })
    .waitFor();

/** Until then it stands there in type. */
const titleIsWritten = (page) => page.getByRole("heading", { level: 1 }).locator("canvas").waitFor();

/** The controls above it say little in a picture. */
const scrollToNetwork = (page) =>
  page
    .getByRole("region", { name: "The network, step by step" })
    .evaluate((network) => scrollTo(0, network.getBoundingClientRect().top - 24));

const README = [
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
  { file: "docs/screenshot-handwriting.webp", path: "/handwriting?seed=7", prepare: inkIsThere },
  { file: "docs/screenshot-cells.webp", path: "/cells", prepare: scrollToNetwork },
];

const SHARED = [
  { file: "app/opengraph-image.jpg", path: "/", prepare: titleIsWritten },
  { file: "app/captioning/opengraph-image.jpg", path: "/captioning", async prepare() {} },
  { file: "app/vqa/opengraph-image.jpg", path: "/vqa", async prepare() {} },
  { file: "app/handwriting/opengraph-image.jpg", path: "/handwriting?seed=7", prepare: inkIsThere },
  { file: "app/captioning/live/opengraph-image.jpg", path: "/captioning/live", async prepare() {} },
  { file: "app/stories/opengraph-image.jpg", path: "/stories", async prepare() {} },
  { file: "app/language/opengraph-image.jpg", path: "/language", async prepare() {} },
  { file: "app/translation/opengraph-image.jpg", path: "/translation", async prepare() {} },
  { file: "app/cells/opengraph-image.jpg", path: "/cells", prepare: scrollToNetwork },
  { file: "app/models/opengraph-image.jpg", path: "/models", async prepare() {} },
];

/** The home page's title is another for each visitor, and this one for pictures. */
const TITLE_SEED = 7;

async function writeTitleAlike(page) {
  await page.route("**/api/handwriting", (route) =>
    route.continue({ postData: { ...route.request().postDataJSON(), seed: TITLE_SEED } }),
  );
}

const PICTURES = [
  ...README.map((picture) => ({ ...picture, viewport: VIEW, deviceScaleFactor: 1.25 })),
  ...SHARED.map((picture) => ({ ...picture, viewport: SHARED_VIEW, deviceScaleFactor: 1 })),
];

await main(async () => {
  const origin = process.argv[2] ?? "http://localhost:3000";
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    for (const { file, path, prepare, ...view } of PICTURES) {
      const page = await browser.newPage({ ...view, reducedMotion: "reduce", serviceWorkers: "block" });
      if (path === "/") await writeTitleAlike(page);
      await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
      await prepare(page);
      // The gaze takes a moment to get there.
      await page.waitForTimeout(500);
      const picture = sharp(await page.screenshot());
      const compressed = file.endsWith(".webp")
        ? picture.webp({ quality: 82, effort: 6 })
        : picture.jpeg({ quality: 82 });
      await writeFile(file, await compressed.toBuffer());
      console.log(`The page ${path} is in ${file}.`);
    }
  } finally {
    await browser.close();
  }
});
