/** What holds for every page. */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "@playwright/test";
import { OFFLINE_PATH, PAGES } from "@/lib/ui/pages";
import { violations } from "./fixtures/axe";

const PATHS = [...PAGES.map(({ path }) => path), OFFLINE_PATH, "/no-such-page"];
const JAVASCRIPT_LIMIT = 200_000;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

for (const path of PATHS) {
  test(`${path}: axe finds nothing and nothing is cut off, by day and by night`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(path);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await violations(page, colorScheme)).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
}

test("each page takes at most 200 kB of JavaScript before a click", async ({ page }) => {
  test.slow();
  for (const path of PATHS) {
    await page.goto(path, { waitUntil: "networkidle" });
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".js"))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(bytes, path).toBeGreaterThan(50_000);
    expect(bytes, path).toBeLessThanOrEqual(JAVASCRIPT_LIMIT);
  }
});

/** The address of the picture that lies nearest: a page without one of its own shares its parent's. */
function pictureOf(path: string): string {
  const own = posix.join(path, "opengraph-image.jpg");
  return existsSync(join("app", own)) ? own : pictureOf(posix.dirname(path));
}

test("each page has for those who share it a title and a description of its own, and its or its parent's picture", async ({
  page,
}) => {
  const titles = new Set<string>();
  const descriptions = new Set<string>();
  for (const { path } of PAGES) {
    await page.goto(path);
    const content = (selector: string) => page.locator(selector).first().getAttribute("content");
    const title = await page.title();
    expect(await content('meta[property="og:title"]'), path).toBe(title);
    titles.add(title);
    const description = (await content('meta[name="description"]')) as string;
    expect(description.length, path).toBeGreaterThan(20);
    expect(await content('meta[property="og:description"]'), path).toBe(description);
    descriptions.add(description);
    const picture = new URL((await content('meta[property="og:image"]')) as string);
    expect(picture.pathname, path).toBe(pictureOf(path));
    expect((await page.request.get(picture.pathname + picture.search)).headers()["content-type"]).toBe("image/jpeg");
  }
  expect(titles.size).toBe(PAGES.length);
  expect(descriptions.size).toBe(PAGES.length);
});

test("nothing can be typed that a page would lose while it comes alive", async ({ page }) => {
  test.slow();
  const typed = page.locator("textarea, input[type=number], input[type=text], input:not([type])");
  let withFields = 0;
  for (const path of PATHS) {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/*.js", async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(path, { waitUntil: "commit" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const field of await typed.all()) await expect(field, path).not.toBeEditable();
    release();
    const [field] = await typed.all();
    if (field) {
      withFields++;
      await field.fill("1");
      await page.waitForLoadState("networkidle");
      await expect(field, path).toHaveValue("1");
    }
    await page.unroute("**/*.js");
  }
  expect(withFields).toBeGreaterThan(4);
});
