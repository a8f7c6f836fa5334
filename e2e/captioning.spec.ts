import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import sharp from "sharp";

const SHEPHERD = "public/samples/shepherd.webp";
const CAT = "public/samples/cat.webp";

const plate = (page: Page) => page.getByRole("figure", { name: "The photo and its caption" });
const words = (page: Page) => plate(page).getByRole("toolbar", { name: /^Caption: / });
const fileInput = (page: Page) => page.getByLabel("Choose a photo");

/** The caption on screen, as a sentence. */
async function caption(page: Page): Promise<string> {
  const label = await words(page).getAttribute("aria-label");
  return /^Caption: (.*)\. Go along/.exec(label ?? "")?.[1] ?? "";
}

/** Waits until the answer on screen is one that has just been made at this place. */
async function answered(page: Page, where: "On the server" | "On this device"): Promise<string> {
  await expect(plate(page)).toHaveAttribute("aria-busy", "false");
  await expect(plate(page).getByText(where)).toBeVisible();
  return caption(page);
}

async function captionByApi(page: Page, path: string, beamWidth = 4): Promise<{ text: string }[]> {
  const response = await page.request.post("/api/captioning", {
    multipart: {
      image: { name: "photo.webp", mimeType: "image/webp", buffer: await readFile(path) },
      beamWidth: String(beamWidth),
    },
  });
  expect(response.status()).toBe(200);
  return (await response.json()).captions;
}

/** A photo that no other test has sent, so that its answer is neither cached nor there already. */
async function freshPhoto(seed: string, size = 400): Promise<Buffer> {
  const [red, green, blue] = createHash("sha256").update(seed).digest();
  return sharp(SHEPHERD)
    .resize(size, size, { fit: "fill" })
    .tint({ r: red ?? 0, g: green ?? 0, b: blue ?? 0 })
    .jpeg()
    .toBuffer();
}

const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("opens with a finished example, and captions an uploaded photo on the server", async ({ page }) => {
  await page.goto("/captioning");
  await expect(plate(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  expect((await caption(page)).split(" ").length).toBeGreaterThan(2);

  await fileInput(page).setInputFiles(CAT);
  const text = await answered(page, "On the server");
  expect(text).toBe((await captionByApi(page, CAT))[0]?.text);
  await expect(page.getByRole("status").filter({ hasText: `Caption: ${text}.` })).toHaveCount(1);
  await expect(plate(page).getByText(/seeing .* writing /)).toBeVisible();
});

test("says where the model looked for each word, by pointer and by arrow keys", async ({ page }) => {
  await page.goto("/captioning");
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
  await page.goto("/captioning");
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
  await page.goto("/captioning");
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
  await page.goto("/captioning");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server answers instead." })).toBeVisible();
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
});

test("cancels a download and a run", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => {});
  });
  await page.goto("/captioning");
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
  await expect(page.getByText("Captioning on the server…").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  expect(await requestEnded).toContain("ABORTED");

  await page.unroute("**/api/captioning");
  await page.getByRole("button", { name: "Caption it" }).click();
  await answered(page, "On the server");
});

test("says what is wrong with a bad file, and keeps working", async ({ page }) => {
  await page.goto("/captioning");
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
    await expect(alert.filter({ hasText: sentence })).toBeVisible();
    expect(await caption(page)).toBe(shown);
  }
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
  await expect(alert.filter({ hasText: /image/i })).toHaveCount(0);
});

test("shrinks a photo over the limits on the device before it is sent", async ({ page }) => {
  await page.goto("/captioning");
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

test("takes a dropped photo, a pasted one, and one by its address", async ({ page, baseURL }) => {
  await page.goto("/captioning");
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

  // Another origin that allows nothing: the browser refuses, and the page says what to do.
  const elsewhere = createServer(async (_, response) => response.end(await readFile(CAT)));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  try {
    await field.fill(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/dog.jpg`);
    await page.getByRole("button", { name: "Fetch" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "CORS" })).toBeVisible();
  } finally {
    elsewhere.close();
  }
});

test("works by keyboard alone", async ({ page }) => {
  await page.goto("/captioning");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");

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
  await page.goto("/captioning?photo=cat&beamWidth=2&count=2&runOn=server");
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
  await page.goto("/captioning");
  await fileInput(page).setInputFiles(CAT);
  const text = await answered(page, "On the server");
  await page.getByRole("tab", { name: "History" }).click();
  const list = page.getByRole("list", { name: "Earlier results" });
  await expect(list.getByRole("listitem")).toHaveCount(1);

  await page.reload();
  await page.getByRole("tab", { name: "History" }).click();
  await list.getByRole("button", { name: text, exact: true }).click();
  await expect(plate(page).getByRole("img", { name: "Your photo cat.webp" })).toBeVisible();
  expect(await caption(page)).toBe(text);
  await list.getByRole("button", { name: `Remove “${text}”` }).click();
  await expect(list).toHaveCount(0);
});

test("captions a folder into CSV, and names what it cannot read", async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), "inkling-folder-"));
  try {
    await mkdir(join(folder, "trip"));
    await writeFile(join(folder, "trip", "cat.webp"), await readFile(CAT));
    await writeFile(join(folder, "trip", "dog, brown.jpg"), await freshPhoto("folder"));
    await writeFile(join(folder, "trip", "broken.jpg"), "no photo");
    await writeFile(join(folder, "trip", "notes.txt"), "not looked at");
    await page.goto("/captioning");
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
    await page.goto("/captioning");
    await page.getByLabel("Choose a folder").setInputFiles(folder);
    await page.getByRole("tabpanel").getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("progressbar", { name: "Stopped" })).toHaveAttribute("aria-valuetext", "0 of 8 photos");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("says how to make the same call from a program", async ({ page, baseURL }) => {
  await page.goto("/captioning?beamWidth=6&count=2");
  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/captioning`);
    await expect(code).toContainText("shepherd.webp");
    await expect(code).toContainText(/beamWidth\W+6/);
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
  await page.goto("/captioning");
  await page.getByRole("button", { name: "use the camera" }).click();
  await page.getByRole("button", { name: "Take the picture" }).click();
  await expect(plate(page).getByRole("img", { name: "Your photo camera.jpg" })).toBeVisible();
  await answered(page, "On the server");
  expect(await page.evaluate(() => (window as unknown as { track: MediaStreamTrack }).track.readyState)).toBe("ended");
});

test("says why there is no picture from the camera", async ({ page }) => {
  await page.goto("/captioning");
  await page.getByRole("button", { name: "use the camera" }).click();
  await expect(page.getByRole("dialog", { name: "Camera" }).getByRole("alert")).toHaveText(/camera/i);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, keeps the main control under the thumb, and answers touch", async ({ page }) => {
    await page.goto("/captioning");
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
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/captioning");
    await fileInput(page).setInputFiles(CAT);
    await answered(page, "On the server");
    await words(page).getByRole("button").first().focus();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    for (const tab of ["From a program", "History"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tabpanel", { name: tab })).toContainText(/\w/);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
