import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { violations } from "./fixtures/axe";
import { answered, caption, captionByApi, fileInput, openPage, plate, words } from "./fixtures/captioning-page";
import { CAT, freshPhoto, jpeg, SHEPHERD } from "./fixtures/photos";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("opens with a finished example, and captions an uploaded photo on the server", async ({ page }) => {
  await openPage(page);
  await expect(plate(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  expect((await caption(page)).split(" ").length).toBeGreaterThan(2);

  await fileInput(page).setInputFiles(CAT);
  const text = await answered(page, "On the server");
  expect(text).toBe((await captionByApi(page, CAT))[0]?.text);
  await expect(page.getByRole("status").filter({ hasText: `Caption: ${text}.` })).toHaveCount(1);
  await expect(plate(page).getByText(/writing \d/)).toBeVisible();
});

test("says where the model looked for each word, by pointer and by arrow keys", async ({ page }) => {
  await openPage(page);
  const buttons = words(page).getByRole("button");
  await buttons.nth(1).hover();
  await expect(plate(page).getByText(/probability .* after the words before it/)).toBeVisible();
  await buttons.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(buttons.nth(1)).toBeFocused();
  await expect(buttons.nth(1)).toHaveAccessibleName(/: looking at the /);
  await page.keyboard.press("End");
  await expect(buttons.last()).toBeFocused();

  const drawn = () =>
    plate(page)
      .locator("canvas")
      .evaluate((canvas: HTMLCanvasElement) =>
        canvas
          .getContext("2d")
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value > 0),
      );
  expect(await drawn()).toBe(true);
  await page.getByRole("slider", { name: "Attention" }).fill("0");
  expect(await drawn()).toBe(false);
});

test("shows other captions with probabilities that sum to one, and raw values on demand", async ({ page }) => {
  await openPage(page);
  const list = plate(page).getByRole("list");
  await expect(list.getByRole("listitem")).toHaveCount(3);
  const percents = (await list.getByText(/\d+ %/).allTextContents()).map((text) => Number(/(\d+) %/.exec(text)?.[1]));
  expect(percents.reduce((sum, percent) => sum + percent, 0)).toBeGreaterThan(97);
  expect(percents.reduce((sum, percent) => sum + percent, 0)).toBeLessThan(103);

  const second = list.getByRole("button").nth(1);
  const text = ((await second.textContent()) ?? "").replace(/[<>\d].*$/, "").trim();
  await second.click();
  expect(await caption(page)).toBe(text);
  await page.getByRole("button", { name: "Show raw values" }).click();
  await expect(list.getByText(/^-\d+\.\d{3}/).first()).toBeVisible();
});

test("gives the same caption on this device as on the server, and keeps what it downloaded", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page);
  await fileInput(page).setInputFiles(CAT);
  const onServer = await answered(page, "On the server");

  const run = page.getByRole("button", { name: /Run on this device/ });
  await expect(run).toHaveText(/\(\d+\.\d MB\)/);
  await run.click();
  await expect(page.getByRole("progressbar", { name: "Downloading" })).toBeVisible();
  await expect(plate(page).getByText("On this device")).toBeVisible({ timeout: 120_000 });
  expect(await answered(page, "On this device")).toBe(onServer);
  await expect(plate(page).getByText(/WebAssembly|WebGPU/)).toBeVisible();
  await expect(page.getByRole("radio", { name: /This device/ })).toBeChecked();

  // The worker ends with the page, and the files stay.
  expect(page.workers().length).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Inkling" }).click();
  await expect(page.getByRole("link", { name: "Caption a photo" })).toBeVisible();
  await expect.poll(() => page.workers().length).toBe(0);
  await page.getByRole("link", { name: "Captioning" }).click();
  await expect(page.getByRole("radio", { name: /This device/ })).toBeChecked();
  await page.route(/\/api\/models\/files\/.*onnx/, (route) => route.abort());
  await fileInput(page).setInputFiles(SHEPHERD);
  await expect(plate(page).getByText("On this device")).toBeVisible({ timeout: 60_000 });
  expect(await answered(page, "On this device")).toBe((await captionByApi(page, SHEPHERD))[0]?.text);
});

test("names the reason and takes the server when the device cannot load the model", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, (route) => route.abort());
  await openPage(page);
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server answers instead." })).toBeVisible();
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
});

test("says when the server was too busy to re-rank, and asks once more", async ({ page }) => {
  await openPage(page);
  // As the API answers while other clients are being served.
  let busy = true;
  const image = { name: "cat.webp", mimeType: "image/webp", buffer: await readFile(CAT) };
  const response = await page.request.post("/api/captioning", { multipart: { image, attention: "true" } });
  const answer = await response.json();
  expect(answer.reranked).toBe(true);
  await page.route("**/api/captioning", (route) => route.fulfill({ json: { ...answer, reranked: !busy } }));
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
  await expect(plate(page).getByText("these captions are not re-ranked")).toBeVisible();
  busy = false;
  await plate(page).getByRole("button", { name: "Ask once more" }).click();
  await expect(plate(page).getByText("these captions are not re-ranked")).toBeHidden();
  await answered(page, "On the server");
});

test("cancels a download and a run", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => {});
  });
  await openPage(page);
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: /Run on this device/ })).toBeVisible();

  let ended: (reason: string) => void = () => {};
  const requestEnded = new Promise<string>((resolve) => {
    ended = resolve;
  });
  page.on("requestfailed", (request) => {
    if (request.url().endsWith("/api/captioning")) ended(request.failure()?.errorText ?? "");
  });
  await page.route("**/api/captioning", () => {
    // Never answered: only the visitor ends it.
  });
  await fileInput(page).setInputFiles(jpeg("slow.jpg", await freshPhoto("slow")));
  await expect(plate(page).getByText("Captioning on the server…")).toBeInViewport();
  await expect(plate(page).getByRole("button", { name: "Stop" })).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  expect(await requestEnded).toContain("ABORTED");

  await page.unroute("**/api/captioning");
  await page.getByRole("button", { name: "Caption it" }).click();
  await answered(page, "On the server");
});

test("works by keyboard alone", async ({ page }) => {
  // Playwright takes over the choice of files with the first listener, which a busy machine has to be given time for.
  page.on("filechooser", () => {});
  await openPage(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "its card" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "walk with your camera" })).toBeFocused();

  // The words are one stop: the arrows go along them.
  await page.keyboard.press("Tab");
  await expect(words(page).getByRole("button").first()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("slider", { name: "Attention" })).toBeFocused();

  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("o");
  await (await chooser).setFiles(CAT);
  await answered(page, "On the server");

  await page.getByRole("slider", { name: "Beam width" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("slider", { name: "Beam width" })).toHaveValue("5");
  expect(await answered(page, "On the server")).toBe((await captionByApi(page, CAT, 5))[0]?.text);

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("opens a share link with its photo and settings, and makes one", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPage(page, "?photo=cat&beamWidth=2&count=2&runOn=server");
  await expect(plate(page).getByRole("img", { name: "A kitten with a ball of wool" })).toBeVisible();
  await expect(page.getByRole("slider", { name: "Beam width" })).toHaveValue("2");
  const text = await answered(page, "On the server");
  expect(text).toBe((await captionByApi(page, CAT, 2))[0]?.text);
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe("?photo=cat&beamWidth=2&count=2&runOn=server");

  await fileInput(page).setInputFiles(jpeg("mine.jpg", await freshPhoto("mine")));
  await answered(page, "On the server");
  await page.getByRole("button", { name: /Copy a link|Copied/ }).click();
  const own = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(own).search).toBe("?beamWidth=2&count=2&runOn=server");

  await page.getByRole("button", { name: "Copy the caption" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await caption(page));
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON" }).click();
  const saved = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(saved).toMatchObject({ photo: "mine.jpg", captions: [{ text: await caption(page) }, {}] });
});

test("keeps a history on the device that can be opened and removed", async ({ page }) => {
  await openPage(page, "?beamWidth=2&count=2");
  await answered(page, "On the server");
  await fileInput(page).setInputFiles(CAT);
  const text = await answered(page, "On the server");
  await page.getByRole("tab", { name: "History" }).click();
  const list = page.getByRole("list", { name: "Earlier results" });
  await expect(list.getByRole("listitem")).toHaveCount(2);

  await openPage(page);
  await page.getByRole("tab", { name: "History" }).click();
  await list.getByRole("button", { name: text, exact: true }).click();
  await expect(plate(page).getByRole("img", { name: "Your photo cat.webp" })).toBeVisible();
  expect(await caption(page)).toBe(text);
  await expect(page.getByRole("slider", { name: "Beam width" })).toHaveValue("2");
  await list.getByRole("button", { name: `Remove “${text}”` }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("z");
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(list).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(list.getByRole("button", { name: text, exact: true })).toBeVisible();
});

test("says how to make the same call from a program", async ({ page, baseURL }) => {
  await openPage(page, "?beamWidth=6&count=2");
  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/captioning`);
    await expect(code).toContainText("shepherd.webp");
    await expect(code).toContainText(/beamWidth\W+6/);
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, keeps the main control under the thumb, and answers touch", async ({ page }) => {
    await openPage(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const label = page.locator("label", { hasText: "Choose a photo" });
    const box = await label.boundingBox();
    expect(box?.y).toBeGreaterThan(600);
    expect(box?.height).toBeGreaterThanOrEqual(44);

    await words(page).getByRole("button").nth(1).tap();
    await expect(plate(page).getByText(/probability .* after the words before it/)).toBeVisible();
    await fileInput(page).setInputFiles(CAT);
    await answered(page, "On the server");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);

    // The samples are far below the photo: it comes back into sight, and so does what is wrong with one.
    await page.getByRole("button", { name: "The astronaut Eileen Collins" }).tap();
    await expect(plate(page).getByRole("img", { name: "The astronaut Eileen Collins" })).toBeInViewport({ ratio: 0.9 });
    await page.getByRole("tab", { name: "History" }).scrollIntoViewIfNeeded();
    await fileInput(page).setInputFiles(jpeg("text.jpg", Buffer.from("no photo")));
    await expect(page.getByRole("alert").filter({ hasText: "text, not an image" })).toBeInViewport();
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await fileInput(page).setInputFiles(CAT);
    await answered(page, "On the server");
    await words(page).getByRole("button").first().focus();
    expect(await violations(page, colorScheme)).toEqual([]);
    for (const tab of ["From a program", "History"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tabpanel", { name: tab })).toContainText(/\w/);
      expect(await violations(page, colorScheme)).toEqual([]);
    }
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
