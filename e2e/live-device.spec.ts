/** What a live picture takes of the device, and gives back: the screen, the battery, its cameras and its voice. */
import { chromium, expect, type Page } from "@playwright/test";
import { test } from "./fixtures/camera";
import { openPage, stage, startButton, startCamera } from "./fixtures/live-page";

test.use({ permissions: ["camera"] });

test.beforeEach(async ({ page }) => {
  test.setTimeout(180_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** Stands in for the Screen Wake Lock API, and counts the locks that are held. */
function countLocks(): void {
  const locks = { held: 0 };
  Object.assign(globalThis, { locks });
  Object.defineProperty(navigator, "wakeLock", {
    value: {
      request: async () => {
        locks.held += 1;
        return {
          release: async () => {
            locks.held -= 1;
          },
        };
      },
    },
  });
}

test("keeps the screen on as long as it captions, and rests for a battery that is low", async ({ page }) => {
  await page.addInitScript(countLocks);
  await page.addInitScript(() => {
    Object.assign(navigator, { getBattery: async () => ({ level: 0.15, charging: false }) });
  });
  const held = () => page.evaluate(() => (globalThis as unknown as { locks: { held: number } }).locks.held);
  await startCamera(page);
  await expect(page.getByText("It rests between captions, as the battery is low.")).toBeVisible({ timeout: 30_000 });
  expect(await held()).toBe(1);
  await page.getByRole("button", { name: "Hold" }).click();
  await expect.poll(held).toBe(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(held).toBe(1);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect.poll(held).toBe(0);
});

test("asks before a walk is left that is in no file", async ({ page }) => {
  await startCamera(page);
  const asked: string[] = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await page.getByRole("button", { name: "Stop" }).click();
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Frames (ZIP)" }).click();
  await download;
  await page.reload();
  await expect(startButton(page)).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("brightens the picture where it looked, word after word", async ({ page }) => {
  await startCamera(page);
  await expect(stage(page).locator("canvas")).toHaveCount(0);
  await page.getByRole("checkbox", { name: /^Where it looks/ }).check();
  await expect(stage(page).locator("canvas")).toBeVisible();
});

test("lets one choose among cameras", async ({ baseURL, launchOptions }) => {
  const args = launchOptions.args?.filter((arg) => !arg.startsWith("--use-f"));
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...(args ?? []), "--use-fake-device-for-media-stream=device-count=2"],
  });
  try {
    const page = await browser.newPage({ baseURL, permissions: ["camera"] });
    await openPage(page);
    await startButton(page).click();
    const cameras = page.getByRole("combobox", { name: "Camera" });
    await expect(cameras.getByRole("option")).toHaveCount(2, { timeout: 30_000 });
    const shown = () =>
      page
        .locator("video")
        .evaluate(
          (video: HTMLVideoElement) =>
            (video.srcObject as MediaStream | null)?.getVideoTracks()[0]?.getSettings().deviceId,
        );
    const first = await shown();
    const ids = await cameras
      .getByRole("option")
      .evaluateAll((options) => options.map((each) => each.getAttribute("value")));
    const other = ids.find((id) => id !== first);
    await cameras.selectOption(other ?? "");
    await expect.poll(shown).toBe(other);
    await expect(cameras).toHaveValue(other ?? "");
  } finally {
    await browser.close();
  }
});

test("says that it cannot speak where the browser has no voice", async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "speechSynthesis");
  });
  await openPage(page);
  const spoken = page.getByRole("checkbox", { name: /^Spoken captions/ });
  await expect(spoken).toBeDisabled();
  await expect(page.getByText("This browser has no voice.")).toBeVisible();
});

test("takes the source that was chosen last, although another was still being asked for", async ({ page }) => {
  await page.addInitScript(() => {
    // A question of the browser's that nobody answers until another source is there.
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      await new Promise((resolve) => Object.assign(globalThis, { answer: resolve }));
      return await ask(constraints);
    };
    devices.getDisplayMedia = () => ask({ video: true });
  });
  await openPage(page);
  await startButton(page).click();
  await page.getByRole("button", { name: "A screen" }).click();
  await page.evaluate(() => (globalThis as unknown as { answer: () => void }).answer());
  await expectCaptions(page);
});

async function expectCaptions(page: Page): Promise<void> {
  await expect(page.getByText(/seeing \d.*writing \d/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(0);
}
