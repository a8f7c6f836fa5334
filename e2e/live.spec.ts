import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { watchFrames } from "../scripts/bench/watch-frames.mjs";
import { violations } from "./fixtures/axe";
import { SCENES, sceneJpeg, test } from "./fixtures/camera";
import { caption, openPage, stage, startButton, startCamera, strip, walked } from "./fixtures/live-page";

test.use({ permissions: ["camera"] });

test.beforeEach(async ({ page }) => {
  test.setTimeout(300_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** Presses what starts a download, and reads it. */
async function save(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name }).click();
  return await readFile(await (await download).path());
}

/** The server's caption of a scene, searched as the live page searches. */
async function captionByApi(page: Page, scene: string): Promise<string> {
  const image = { name: "scene.jpg", mimeType: "image/jpeg", buffer: await sceneJpeg(scene) };
  const response = await page.request.post("/api/captioning", {
    multipart: { image, rerank: "false", beamWidth: "3" },
  });
  return (await response.json()).captions[0].text;
}

test("opens with an example, captions what the camera sees, and keeps the walk as files", async ({ page }) => {
  await openPage(page);
  await expect(stage(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  await expect(caption(page)).toContainText(/\w+ \w+ \w+/);
  await strip(page).nth(1).click();
  await expect(stage(page).getByRole("img", { name: "A German shepherd in grass" })).toBeHidden();

  await startCamera(page);
  // The camera plays its scenes over and over: in the end each has had its caption.
  await expect.poll(async () => new Set(await walked(page)).size, { timeout: 200_000 }).toBeGreaterThanOrEqual(3);
  await page.getByRole("button", { name: "Hold" }).click();
  // By then a caption that was under way has come into the strip.
  await expect(stage(page).getByRole("img", { name: /^The held picture/ })).toBeVisible({ timeout: 30_000 });

  const entries = await walked(page);
  const archive = unzipSync(await save(page, "Frames (ZIP)"));
  const csv = (await save(page, "CSV")).toString();
  const vtt = (await save(page, "WebVTT")).toString();
  expect(csv.trim().split("\r\n")).toHaveLength(entries.length + 1);
  expect(vtt.match(/ --> /g)).toHaveLength(entries.length);
  for (const text of entries) {
    expect(csv).toContain(text);
    expect(vtt).toContain(text);
  }
  expect(Object.keys(archive).filter((name) => /^frames\/\d{4}\.jpg$/.test(name))).toHaveLength(entries.length);
  expect(new TextDecoder().decode(archive["captions.csv"])).toBe(csv);
  expect(archive["frames/0001.jpg"]?.slice(0, 3)).toEqual(Uint8Array.of(0xff, 0xd8, 0xff));
  // What the server says of the same scenes. Nothing promises that two ways of decoding a JPEG agree to the last bit.
  const expected = await Promise.all(SCENES.map((scene) => captionByApi(page, scene)));
  expect(entries.filter((text) => expected.includes(text)).length).toBeGreaterThanOrEqual(2);
});

test("holds a frame with other captions, opens earlier ones, and hands one over to be asked about", async ({
  page,
  context,
}) => {
  await startCamera(page);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const held = stage(page).getByRole("img", { name: /^The held picture/ });
  const others = page.getByRole("region", { name: "What else it considered" }).getByRole("listitem");

  const singleKeys = page.getByRole("checkbox", { name: "Use single keys as shortcuts" });
  await page.keyboard.press("?");
  await singleKeys.uncheck();
  await page.keyboard.press("Escape");
  await expect(singleKeys).toBeHidden();
  await page.keyboard.press("Space");
  await page.waitForTimeout(1000);
  await expect(page.getByRole("button", { name: "Hold" })).toBeVisible();
  await page.getByRole("button", { name: "Keyboard" }).click();
  await singleKeys.check();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { level: 1 }).click();

  await page.keyboard.press("Space");
  await expect(held).toBeVisible();
  await expect(others).toHaveCount(4);
  const text = await caption(page).innerText();
  await expect(others.first().getByRole("button")).toContainText(text);
  await others.nth(1).getByRole("button").click();
  await expect(others.nth(1).getByRole("button")).toContainText(await caption(page).innerText());
  // Time passes over a held frame: the camera has another scene by then.
  const walk = await walked(page);
  await page.waitForTimeout(5000);
  expect(await walked(page)).toEqual(walk);
  await expect(held).toBeVisible();

  const opening = context.waitForEvent("page");
  await page.getByRole("link", { name: "Ask a question about this frame" }).click();
  const vqa = await opening;
  await expect(
    vqa.getByRole("figure", { name: "The photo" }).getByRole("img", { name: "Your photo frame.jpg" }),
  ).toBeVisible();
  expect(await vqa.evaluate(() => caches.keys())).not.toContain("inkling-handed");
  await vqa.close();
  // Nothing of the picture has gone to the server.
  expect(requests.filter((request) => request.startsWith("POST"))).toEqual([]);

  await page.keyboard.press("Space");
  await expect(held).toBeHidden();
  await expect.poll(async () => (await walked(page)).length, { timeout: 60_000 }).toBeGreaterThan(walk.length);

  await strip(page).last().click();
  await expect(held).toBeVisible();
  expect(await caption(page).innerText()).toBe(walk[0]);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(strip(page)).toHaveCount(0);
  await page.keyboard.press("z");
  expect((await walked(page))[0]).toBe(walk[0]);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: /^Start the camera/ })).toBeVisible();
  expect(await page.locator("video").evaluate((video: HTMLVideoElement) => video.srcObject)).toBeNull();
});

test("records a clip with captions, captions a video file, and speaks", async ({ page }) => {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    speechSynthesis.speak = (utterance) => {
      said.push(utterance.text);
      setTimeout(() => utterance.onend?.(new Event("end") as SpeechSynthesisEvent), 300);
    };
  });
  await startCamera(page);
  await page.getByRole("checkbox", { name: /^Spoken captions/ }).check();
  await page.getByRole("checkbox", { name: /^Large type/ }).check();
  const size = () => caption(page).evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  expect(await size()).toBeGreaterThan(60);
  await page.getByRole("button", { name: "Record a clip" }).click();
  const said = () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  await expect.poll(async () => (await said()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const spoken = await said();
  const walk = await walked(page);
  for (const text of spoken) expect(walk).toContain(text);

  const clip = await save(page, "End the clip and keep it");
  // WebM is EBML (RFC 8794).
  expect(clip.subarray(0, 4)).toEqual(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]));
  await page.getByLabel("A video file").setInputFiles({ name: "walk.webm", mimeType: "video/webm", buffer: clip });
  await expect(page.locator("video")).toHaveAttribute("controls", "");
  await expect(page.getByText(/seeing \d/)).toBeVisible({ timeout: 60_000 });
  // The strip's newest is of the file, whose time begins anew.
  await expect(strip(page).first()).toContainText(/^0:0\d/);
  await page.reload();
  await expect(page.getByRole("checkbox", { name: /^Large type/ })).toBeChecked();
});

test("switches the light of a camera, and takes a screen", async ({ page }) => {
  await page.addInitScript(() => {
    // No fake camera has a light.
    const switched: unknown[] = [];
    Object.assign(globalThis, { switched });
    MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
    MediaStreamTrack.prototype.applyConstraints = async (constraints) => {
      switched.push(constraints?.advanced);
    };
    navigator.mediaDevices.getDisplayMedia = () => navigator.mediaDevices.getUserMedia({ video: true });
  });
  await openPage(page);
  await page.keyboard.press("c");
  const shown = () =>
    page
      .locator("video")
      .evaluate((video: HTMLVideoElement) =>
        video.paused ? "" : (video.srcObject as MediaStream | null)?.getVideoTracks()[0]?.getSettings().deviceId,
      );
  await page.getByRole("button", { name: "Light on" }).click();
  await page.getByRole("button", { name: "Light off" }).click();
  await expect(page.getByRole("button", { name: "Light on" })).toBeVisible();
  expect(await page.evaluate(() => (globalThis as unknown as { switched: unknown[] }).switched)).toEqual([
    [{ torch: true }],
    [{ torch: false }],
  ]);
  await page.getByRole("button", { name: "A screen" }).click();
  await expect(page.getByRole("button", { name: "Camera", exact: true })).toBeVisible();
  await expect.poll(shown).toBeTruthy();
  await page.keyboard.press("Escape");
  await expect(startButton(page)).toBeVisible();
});

test("sees with the other network when that is chosen in mid-walk, and the next time", async ({ page }) => {
  const quick = page.getByRole("checkbox", { name: "Quick look" });
  const downloads: string[] = [];
  page.on("request", (request) =>
    downloads.push(
      ...(request
        .url()
        .match(/(vision|live)\/encoder\.onnx/)
        ?.slice(1) ?? []),
    ),
  );
  await startCamera(page);
  await expect(quick).not.toBeChecked();
  expect(new Set(downloads)).toEqual(new Set(["vision"]));
  await quick.check();
  await expect.poll(() => new Set(downloads), { timeout: 60_000 }).toEqual(new Set(["live", "vision"]));
  const seen = page.getByText(/seeing \d.*writing \d/);
  await expect(seen).toBeVisible({ timeout: 120_000 });
  await quick.uncheck();
  await expect(seen).toBeHidden();
  await expect(seen).toBeVisible({ timeout: 120_000 });
  await quick.check();
  await page.reload();
  await expect(quick).toBeChecked();
});

// What the worker holds is measured by `npm run bench -- --only live`: asking the browser for it takes it a minute.
test("leaves the page's own thread free, and its memory as it is", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  // In time of the CPU: what other programs take of it is not this page's.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const metric = async (wanted: string) => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  };
  const memory = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return await metric("JSHeapUsedSize");
  };
  await page.addInitScript(watchFrames);
  await startCamera(page);
  const made = () => page.evaluate(() => (globalThis as unknown as { inklingFrames: unknown[] }).inklingFrames.length);
  const enough = (from: number) => expect.poll(made, { timeout: 120_000 }).toBeGreaterThanOrEqual(from + 3);
  await enough(await made());

  const bytes = await memory();
  const [before, seconds, first] = [await metric("TaskDuration"), Date.now() / 1000, await made()];
  await enough(first);
  const spent = (await metric("TaskDuration")) - before;
  const [lasted, captions] = [Date.now() / 1000 - seconds, (await made()) - first];
  // What stands between two captions besides: thirty frames a second that are shown and offered.
  expect(spent).toBeLessThan(0.05 * captions + 0.25 * lasted);
  await enough(await made());
  expect((await memory()) - bytes).toBeLessThan(2 ** 20);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}, and nothing is cut off on a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 740 });
    await openPage(page);
    expect(await violations(page, colorScheme)).toEqual([]);
    await startCamera(page);
    const box = await page.getByRole("button", { name: "Hold" }).boundingBox();
    expect(box?.y).toBeGreaterThan(600);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    await page.getByRole("button", { name: "Hold" }).click();
    await expect(stage(page).getByRole("img", { name: /^The held picture/ })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
