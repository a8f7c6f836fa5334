import { expect, test } from "@playwright/test";
import { PAGES } from "@/lib/ui/pages";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("shows a real caption and leads to captioning", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("toolbar", { name: /^Caption: \w+ \w+/ })).toBeVisible();
  await page.getByRole("link", { name: "Caption a photo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Captioning" })).toBeVisible();
});

test("opens a sample with the caption that it shows", async ({ page }) => {
  await page.goto("/");
  const link = page.getByRole("list", { name: "More captions" }).getByRole("link").first();
  const text = ((await link.textContent()) ?? "").trim();
  await link.click();
  await expect(page.getByRole("toolbar", { name: `Caption: ${text}.` })).toBeVisible();
});

test("shows a real answer and leads to questions", async ({ page }) => {
  await page.goto("/");
  const link = page.getByRole("list", { name: "More answers" }).getByRole("link").first();
  const [, question = "", answer = ""] = /^(.*)\n(.*?)\s+(?:[<>] )?\d+ %$/.exec((await link.innerText()).trim()) ?? [];
  await expect(page.getByRole("table", { name: "How probable each answer is" }).getByRole("row")).toHaveCount(5);
  await link.click();
  await expect(page.getByRole("textbox", { name: "Ask about the photo" })).toHaveValue(question);
  await expect(page.getByRole("region", { name: "The answer", exact: true }).getByRole("rowheader").first()).toHaveText(
    answer,
  );
  await page.goto("/");
  await page.getByRole("link", { name: "Ask about a photo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Questions" })).toBeVisible();
});

test("writes its name, differently each time, and leads to handwriting", async ({ page }) => {
  const title = page.getByRole("heading", { level: 1, name: "Inkling" });
  const picture = () => title.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.goto("/");
  await expect(title.locator("canvas")).toBeVisible();
  const first = await picture();
  await page.reload();
  await expect(title.locator("canvas")).toBeVisible();
  await expect.poll(picture).not.toBe(first);
  const link = page.getByRole("link", { name: "Write a line" });
  await link.scrollIntoViewIfNeeded();
  await expect(page.getByRole("region", { name: "Handwriting" }).locator("canvas")).toBeVisible();
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: "Handwriting" })).toBeVisible();
  await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue("7");
});

test("translates a sentence and leads to translation", async ({ page }) => {
  await page.goto("/");
  const translated = page.getByRole("region", { name: "Translation" });
  await expect(translated.getByRole("rowheader").first()).toHaveText(/\p{Script=Cyrillic}/u);
  await translated.getByRole("link", { name: "Translate a sentence" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Translation" })).toBeVisible();
});

test("tells a story and leads to stories", async ({ page }) => {
  await page.goto("/");
  const told = page.getByRole("region", { name: "Stories" });
  expect(await told.getByRole("listitem").count()).toBeGreaterThan(3);
  await told.getByRole("link", { name: "Tell a story" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Stories" })).toBeVisible();
});

test("goes on with a text and leads to language", async ({ page }) => {
  await page.goto("/");
  const written = page.getByRole("region", { name: "Language" });
  await expect(written).toContainText("It is a truth");
  await written.getByRole("link", { name: "Begin a text" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Language" })).toBeVisible();
});

test("keeps its name in type, in the same place, where it cannot be written", async ({ page }) => {
  await page.route("**/api/handwriting", (route) => route.abort());
  await page.goto("/", { waitUntil: "networkidle" });
  const title = page.getByRole("heading", { level: 1, name: "Inkling" });
  await expect(title).toBeVisible();
  await expect(title.locator("canvas")).toHaveCount(0);
  const height = (await title.boundingBox())?.height;
  await page.unroute("**/api/handwriting");
  await page.reload();
  await expect(title.locator("canvas")).toBeVisible();
  expect((await title.boundingBox())?.height).toBe(height);
});

test("leads nowhere that is not there", async ({ page, request }) => {
  test.slow();
  for (const { path } of PAGES) {
    await page.goto(path);
    const links = await page
      .getByRole("link")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    // Papers are elsewhere, and their addresses are for good.
    const own = links.filter((link) => new URL(link).origin === new URL(page.url()).origin);
    for (const link of new Set(own)) expect((await request.get(link)).status(), link).toBe(200);
  }
});

test("shows each model's card", async ({ page }) => {
  await page.goto("/models");
  const links = page.getByRole("main").getByRole("link");
  const addresses = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Files" })).toBeVisible();
  }
  const missing = await page.goto("/models/no-such-model");
  expect(missing?.status()).toBe(404);
});

test("changes the theme and remembers it", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/", { waitUntil: "networkidle" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: /^Theme: As the system/ }).click();
  await page.getByRole("button", { name: /^Theme: Light/ }).click();
  await expect(page.getByRole("button", { name: /^Theme: Dark/ })).toBeVisible();
  expect(await ground()).not.toBe(light);
  const dark = await ground();
  await page.reload();
  expect(await ground()).toBe(dark);
  await expect(page.getByRole("button", { name: /^Theme: Dark/ })).toBeVisible();
});
