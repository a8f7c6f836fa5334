import { expect, type Page, test } from "@playwright/test";
import * as captioning from "./fixtures/captioning-page";
import * as handwriting from "./fixtures/handwriting-page";
import { type Network, openNetwork } from "./fixtures/network";
import { CAT, SHEPHERD } from "./fixtures/photos";
import * as vqa from "./fixtures/vqa-page";

test.use({ serviceWorkers: "allow" });

let network: Network;

test.beforeEach(async ({ page, baseURL }) => {
  network = await openNetwork(baseURL as string);
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test.afterEach(() => network.cut());

/** Opens a page for the first time, and waits until the app is on the device. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${network.url}${path}`);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

const runHere = (page: Page) => page.getByRole("button", { name: /^Run on this device/ });
const version = (page: Page) => page.evaluate(() => document.documentElement.dataset.version ?? "");

test("works without a network where each task was loaded once", async ({ page, context }) => {
  test.setTimeout(300_000);
  await visit(page, "/captioning");
  await runHere(page).click();
  await expect(page.getByText("The model is loaded here")).toBeVisible({ timeout: 120_000 });
  await captioning.fileInput(page).setInputFiles(CAT);
  const caption = await captioning.answered(page, "On this device");
  await page.goto(`${network.url}/vqa`);
  await expect(runHere(page)).toBeVisible();
  await runHere(page).click();
  await expect(page.getByText("The model is loaded here")).toBeVisible({ timeout: 120_000 });
  await page.goto(`${network.url}/handwriting?text=Here&seed=7`);
  await expect(runHere(page)).toBeVisible();
  await runHere(page).click();
  await handwriting.written(page, "Here", "On this device");

  await context.setOffline(true);
  await network.cut();

  const response = await page.goto(`${network.url}/captioning`);
  expect(response?.fromServiceWorker()).toBe(true);
  expect(response?.headers()).toMatchObject({
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await captioning.fileInput(page).setInputFiles(CAT);
  await expect(captioning.plate(page).getByText("On this device")).toBeVisible({ timeout: 60_000 });
  expect(await captioning.answered(page, "On this device")).toBe(caption);

  // The server was chosen, and cannot be reached.
  await page.getByRole("radio", { name: "Server" }).check();
  await expect(page.getByText("There is no network: this device answers.")).toBeVisible();
  await captioning.fileInput(page).setInputFiles(SHEPHERD);
  await captioning.answered(page, "On this device");

  await page.getByRole("link", { name: "Questions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Questions" })).toBeVisible();
  await vqa.fileInput(page).setInputFiles(CAT);
  await vqa.ask(page, "What animal is this?");
  await expect(vqa.answer(page).getByText("On this device")).toBeVisible({ timeout: 60_000 });

  await page.getByRole("link", { name: "Handwriting" }).click();
  await handwriting.write(page, "No network");
  await handwriting.written(page, "No network", "On this device");
  // The hands were listed before.
  await expect(handwriting.hands(page).getByRole("radio").nth(5)).toBeAttached();

  await page.goto(`${network.url}/nowhere`);
  await expect(page.getByRole("heading", { level: 1, name: "There is no network" })).toBeVisible();
});

test("tells stories' answers, translates, writes on and trains cells without a network as well", async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const result = (name: string) => page.getByRole("region", { name });
  const tasks = [
    { path: "/stories", field: /^Your question/, text: "Where is Mary?", result: "The answer" },
    { path: "/translation", field: /^English/, text: "Where is my book?", result: "The translation" },
    { path: "/language", field: /^Your text/, text: "She was not", result: "What is written" },
  ] as const;
  await visit(page, "/cells");
  for (const { path, result: name } of tasks) {
    await page.goto(`${network.url}${path}`);
    await runHere(page).click();
    await expect(page.getByText("The model is loaded here")).toBeVisible({ timeout: 60_000 });
    await expect(result(name)).toHaveAttribute("aria-busy", "false");
  }
  await page.goto(`${network.url}/captioning/live`);

  await context.setOffline(true);
  await network.cut();

  for (const { path, field, text, result: name } of tasks) {
    expect((await page.goto(`${network.url}${path}`))?.fromServiceWorker()).toBe(true);
    await page.getByRole("textbox", { name: field }).fill(text);
    await page.keyboard.press(path === "/language" ? "Control+Enter" : "Enter");
    await expect(result(name).getByText("On this device")).toBeVisible({ timeout: 60_000 });
    await expect(result(name)).toHaveAttribute("aria-busy", "false");
  }
  // What is translated has letters of its own.
  await page.goto(`${network.url}/translation`);
  expect(await page.evaluate(() => document.fonts.load('16px "Literata Variable"', "Где"))).toHaveLength(1);
  await page.goto(`${network.url}/cells`);
  await page.getByRole("button", { name: "Learn" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.goto(`${network.url}/captioning/live`);
  await expect(page.getByRole("button", { name: /^Start the camera/ })).toBeVisible();
});

test("says what needs the server, which is gone although there is a network", async ({ page }) => {
  await visit(page, "/captioning");
  await network.cut();
  await page.goto(`${network.url}/vqa`);
  await vqa.field(page).fill("How many dogs are there?");
  await vqa.field(page).press("Enter");
  const alert = page.getByRole("alert").filter({ hasText: "The server cannot be reached, and the model is not" });
  await expect(alert).toContainText("What has run on this device once runs there without a network as well.");
  await page.goto(`${network.url}/captioning`);
  await captioning.fileInput(page).setInputFiles(CAT);
  await expect(page.getByRole("alert").filter({ hasText: "The server cannot be reached" })).toBeVisible();
});

test("takes the device, and says why, when the server is gone although it was chosen", async ({ page }) => {
  test.setTimeout(180_000);
  await visit(page, "/handwriting?text=Here&seed=7");
  await runHere(page).click();
  await handwriting.written(page, "Here", "On this device");
  await page.getByRole("radio", { name: "Server" }).check();
  await handwriting.written(page, "Here", "On the server");
  await network.cut();
  await handwriting.write(page, "Gone");
  await handwriting.written(page, "Gone", "On this device");
  await expect(page.getByText("The server cannot be reached: this device answered instead.")).toBeVisible();
});

test("offers a newer version, and takes it whole when it is wanted", async ({ page, context }) => {
  await visit(page, "/models");
  const former = await version(page);
  expect(former).toMatch(/^[0-9a-f]{16}$/);
  const next = former.replace(/^.{4}/, "next");
  network.upgrade(former, next);
  const prompt = page.getByText("A new version is ready.");
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(prompt).toBeVisible();
  expect(await version(page)).toBe(former);
  const caches = () => page.evaluate(async () => (await window.caches.keys()).filter((name) => /pages/.test(name)));
  expect(await caches()).toHaveLength(2);

  // A page that has just come from the network is of that version already, and has nothing to offer. (One that is rendered for each
  // request: the hashes that let scripts of the others run do not follow an upgrade that is only played.)
  const other = await context.newPage();
  await other.goto(`${network.url}/vqa`, { waitUntil: "networkidle" });
  await expect(other.getByRole("heading", { level: 1, name: "Questions" })).toBeVisible();
  expect(await version(other)).toBe(next);
  await expect(other.getByText("A new version is ready.")).toHaveCount(0);
  await other.close();

  await page.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => version(page).catch(() => "")).toBe(next);
  await expect(prompt).toHaveCount(0);
  await expect.poll(caches).toEqual([`inkling-pages-${next}`]);
  await network.cut();
  await page.goto(`${network.url}/vqa`);
  expect(await version(page)).toBe(next);
});

test("can be installed", async ({ page }) => {
  await visit(page, "/");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(`${network.url}${address}`)).json();
  expect(manifest).toMatchObject({ name: "Inkling", start_url: "/", scope: "/", display: "standalone" });
  for (const { url } of manifest.shortcuts) expect((await page.request.get(`${network.url}${url}`)).status()).toBe(200);
  const sizes = [];
  for (const { src, sizes: said, purpose } of manifest.icons) {
    const size = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size).toBe(said);
    sizes.push(`${size} ${purpose ?? "any"}`);
  }
  expect(sizes).toEqual(["192x192 any", "512x512 any", "512x512 maskable"]);

  // What Chromium itself has against it: nothing.
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
});
