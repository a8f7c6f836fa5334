import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import sharp from "sharp";
import { answered, caption, captionByApi, fileInput, openPage, plate } from "./fixtures/captioning-page";
import { CAT, freshPhoto } from "./fixtures/photos";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("says what is wrong with a bad file, and keeps working", async ({ page }) => {
  await openPage(page);
  const shown = await caption(page);
  const alert = page.getByRole("alert");
  const bad: [name: string, content: Buffer, sentence: RegExp][] = [
    ["text.jpg", Buffer.from("this is no photo"), /text, not an image/],
    ["empty.jpg", Buffer.alloc(0), /empty/],
    ["phone.heic", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), /HEIC/],
    ["cut.jpg", (await freshPhoto("cut")).subarray(0, 300), /damaged|decoded/],
    [
      "dot.png",
      await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
      /2×2/,
    ],
  ];
  for (const [name, buffer, sentence] of bad) {
    await fileInput(page).setInputFiles({ name, mimeType: "image/jpeg", buffer });
    await expect(alert.filter({ hasText: sentence })).toBeInViewport();
    expect(await caption(page)).toBe(shown);
  }
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
  await expect(alert.filter({ hasText: /image/i })).toHaveCount(0);
});

test("shrinks a photo over the limits on the device before it is sent", async ({ page }) => {
  await openPage(page);
  const noise = Buffer.alloc(2600 * 2600 * 3, createHash("sha512").update("noise").digest());
  for (let index = 0; index < noise.length; index += 7) noise[index] = (index * 2654435761) >>> 24;
  const large = await sharp(noise, { raw: { width: 2600, height: 2600, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  expect(large.length).toBeGreaterThan(12 * 2 ** 20);
  await fileInput(page).setInputFiles({ name: "large.png", mimeType: "image/png", buffer: large });
  await expect(page.getByText(/shrunk on your device, from \d+\.\d MB to/)).toBeVisible();
  await answered(page, "On the server");
});

test("takes and remembers a long thin photo, on a page that is not served over HTTPS", async ({ page }) => {
  // Browsers leave this out there.
  await page.addInitScript(() => Object.defineProperty(crypto, "randomUUID", { value: undefined }));
  await openPage(page);
  const thin = await sharp(CAT).resize(8, 1500, { fit: "fill" }).png().toBuffer();
  await fileInput(page).setInputFiles({ name: "thin.png", mimeType: "image/png", buffer: thin });
  await expect(plate(page).getByRole("img", { name: "Your photo thin.png" })).toBeVisible();
  const text = await answered(page, "On the server");
  await page.getByRole("tab", { name: "History" }).click();
  await expect(
    page.getByRole("list", { name: "Earlier results" }).getByRole("button", { name: text, exact: true }),
  ).toBeVisible();
});

test("takes a dropped photo, a pasted one, and one by its address", async ({ page, baseURL }) => {
  await openPage(page);
  const drop = async (type: "drop" | "paste", name: string, bytes: Buffer) => {
    await page.evaluate(
      async ({ type, name, base64 }) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([content], name, { type: "image/jpeg" }));
        document.body.dispatchEvent(
          type === "drop"
            ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
        );
      },
      { type, name, base64: bytes.toString("base64") },
    );
  };
  await drop("drop", "dropped.jpg", await freshPhoto("dropped"));
  await expect(plate(page).getByRole("img", { name: "Your photo dropped.jpg" })).toBeVisible();
  await answered(page, "On the server");
  await drop("paste", "pasted.jpg", await freshPhoto("pasted"));
  await expect(plate(page).getByRole("img", { name: "Your photo pasted.jpg" })).toBeVisible();
  await answered(page, "On the server");

  await page.getByRole("button", { name: "give its address" }).click();
  const field = page.getByRole("textbox", { name: "Address of a photo" });
  await field.fill(`${baseURL}/samples/cat.webp`);
  await page.getByRole("button", { name: "Fetch" }).click();
  await expect(plate(page).getByRole("img", { name: "Your photo cat.webp" })).toBeVisible();
  expect(await answered(page, "On the server")).toBe((await captionByApi(page, CAT))[0]?.text);

  // Another origin that does not allow it: the browser refuses, and the page says what to do.
  // Without the header Playwright would add one that allows everything.
  const headers = { "access-control-allow-origin": "https://elsewhere.test" };
  await page.route("https://photos.test/*", async (route) => route.fulfill({ body: await readFile(CAT), headers }));
  await field.fill("https://photos.test/dog.jpg");
  await page.getByRole("button", { name: "Fetch" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "CORS" })).toBeVisible();
  await field.fill("http://photos.test/dog.jpg");
  await page.getByRole("button", { name: "Fetch" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "https://" })).toBeVisible();
});

test("captions a folder into CSV, and names what it cannot read", async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), "inkling-folder-"));
  try {
    await mkdir(join(folder, "trip"));
    await writeFile(join(folder, "trip", "cat.webp"), await readFile(CAT));
    await writeFile(join(folder, "trip", "dog, brown.jpg"), await freshPhoto("folder"));
    await writeFile(join(folder, "trip", "broken.jpg"), "no photo");
    await writeFile(join(folder, "trip", "notes.txt"), "not looked at");
    await openPage(page);
    await page.getByLabel("Choose a folder").setInputFiles(join(folder, "trip"));
    await expect(page.getByRole("progressbar", { name: "Done" })).toHaveAttribute("aria-valuetext", "3 of 3 photos");
    const [cat] = await captionByApi(page, CAT);
    await expect(page.getByRole("row", { name: /cat\.webp/ })).toContainText(cat?.text ?? "");
    await expect(page.getByRole("row", { name: /broken\.jpg/ })).toContainText("text, not an image");

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const csv = await readFile(await (await download).path(), "utf8");
    const lines = csv.trimEnd().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("file,caption,log_probability,other_captions,ran_on,milliseconds,error");
    expect(csv).toContain(`trip/cat.webp,${cat?.text},`);
    expect(csv).toContain('"trip/dog, brown.jpg"');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("stops a folder", async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), "inkling-folder-"));
  try {
    for (let index = 0; index < 8; index++)
      await writeFile(join(folder, `${index}.jpg`), await freshPhoto(`stop ${index}`));
    await page.route("**/api/captioning", () => {
      // Never answered: only the visitor ends it.
    });
    await openPage(page);
    await page.getByLabel("Choose a folder").setInputFiles(folder);
    await page.getByRole("tabpanel").getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("progressbar", { name: "Stopped" })).toHaveAttribute("aria-valuetext", "0 of 8 photos");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("takes a still picture with the camera, and turns it off", async ({ page }) => {
  await page.addInitScript(() => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 320, height: 240 });
    const context = canvas.getContext("2d");
    navigator.mediaDevices.getUserMedia = async () => {
      const stream = canvas.captureStream(10);
      // A canvas gives a frame whenever it is drawn on.
      setInterval(() => context?.fillRect(0, 0, Math.random() * 320, 240), 50);
      Object.assign(window, { track: stream.getTracks()[0] });
      return stream;
    };
  });
  await openPage(page);
  await page.getByRole("button", { name: "use the camera" }).click();
  await page.getByRole("button", { name: "Take the picture" }).click();
  await expect(plate(page).getByRole("img", { name: "Your photo camera.jpg" })).toBeVisible();
  await answered(page, "On the server");
  expect(await page.evaluate(() => (window as unknown as { track: MediaStreamTrack }).track.readyState)).toBe("ended");
});

test("says why there is no picture from the camera", async ({ page }) => {
  await openPage(page);
  await page.getByRole("button", { name: "use the camera" }).click();
  await expect(page.getByRole("dialog", { name: "Camera" }).getByRole("alert")).toHaveText(/camera/i);
});
