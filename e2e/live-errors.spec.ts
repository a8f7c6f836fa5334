/** What can go wrong before a live picture: each is said with what to do, and the page goes on. */
import { chromium, expect, type Page } from "@playwright/test";
import { test } from "./fixtures/camera";
import { openPage, stage, startButton, startCamera, strip, walked } from "./fixtures/live-page";

test.beforeEach(async ({ page }) => {
  test.setTimeout(300_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** Waits for the sentences of an error, and sees that the page can be used again. */
async function expectProblem(page: Page, detail: RegExp, suggestion: RegExp): Promise<void> {
  const alert = page.getByRole("alert").filter({ hasText: detail });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText(suggestion);
  await expect(startButton(page)).toBeEnabled();
  await expect(stage(page)).toBeVisible();
}

test("says what to do where the camera is not allowed", async ({ page }) => {
  await openPage(page);
  await startButton(page).click();
  await expectProblem(page, /may not be used/, /Allow it/);
  // The example is there again.
  await expect(stage(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
});

test("says what to do where the page came without HTTPS", async ({ page, baseURL }) => {
  await page.goto(`${(baseURL as string).replace("127.0.0.1", "inkling.test")}/captioning/live`);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await startButton(page).click();
  await expectProblem(page, /HTTPS/, /https:\/\//);
});

test("says what to do where there is no camera", async ({ baseURL, launchOptions }) => {
  const args = launchOptions.args?.filter((arg) => !arg.startsWith("--use-f"));
  const browser = await chromium.launch({ ...launchOptions, args });
  try {
    const page = await browser.newPage({ baseURL, permissions: ["camera"] });
    await openPage(page);
    await startButton(page).click();
    await expectProblem(page, /No camera was found/, /Connect one/);
  } finally {
    await browser.close();
  }
});

test("says what to do with a file that is no video, and where no screen is shared", async ({ page }) => {
  await openPage(page);
  await page
    .getByLabel("A video file")
    .setInputFiles({ name: "broken.mp4", mimeType: "video/mp4", buffer: Buffer.from("this is no video") });
  await expectProblem(page, /cannot play that file/, /MP4/);
  await page.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "A screen" }).click();
  await expectProblem(page, /No screen was shared/, /Choose a window/);
});

test("says what to do where the model cannot be loaded", async ({ page, context }) => {
  await context.grantPermissions(["camera"]);
  await page.route(/\/api\/models\/files\/.*onnx/, (route) => route.abort());
  await openPage(page);
  await startButton(page).click();
  await expectProblem(page, /model|reached|download/, /./);
});

test("keeps the walk where the camera is unplugged or falls asleep, pauses while hidden, and can start again", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["camera"]);
  await startCamera(page);
  const before = await walked(page);

  // A hidden page takes no frames: nobody could see the captions.
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const paused = () => page.locator("video").evaluate((video: HTMLVideoElement) => video.paused);
  await hide(true);
  await expect(page.getByText("Paused while this page is hidden")).toBeVisible();
  expect(await paused()).toBe(true);
  await hide(false);
  await expect(page.getByText("Paused while this page is hidden")).toBeHidden();
  await expect.poll(paused).toBe(false);

  // As the browser says it when a camera goes away.
  await page.locator("video").evaluate((video: HTMLVideoElement) => {
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    track?.stop();
    track?.dispatchEvent(new Event("ended"));
  });
  await expectProblem(page, /was disconnected/, /walk so far is kept/);
  expect((await walked(page)).slice(0, before.length)).toEqual(before);

  await startButton(page).click();
  await expect(page.getByText(/seeing \d/)).toBeVisible({ timeout: 60_000 });
  // Next has an alert of its own, which is empty.
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(0);

  // A camera that gives no frames any longer, although nobody says so.
  await page.locator("video").evaluate((video: HTMLVideoElement) => {
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    track?.stop();
  });
  await expect(page.getByRole("alert").filter({ hasText: "may have been asleep" })).toBeVisible({ timeout: 30_000 });
  await expect(strip(page).first()).toBeVisible();
});
