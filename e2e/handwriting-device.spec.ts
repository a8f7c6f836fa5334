import { expect, test } from "@playwright/test";
import {
  changedPixels,
  chooseHand,
  field,
  inkedPixels,
  openPage,
  picture,
  sheet,
  write,
  writeOnPad,
  written,
} from "./fixtures/handwriting-page";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("writes on this device what the server writes, and shows what goes on inside", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page, "?text=Both+the+same&seed=7");
  await written(page, "Both the same");
  const onServer = await picture(page);
  await expect(page.getByRole("checkbox", { name: "Where the pen may go next" })).toHaveCount(0);

  await page.getByRole("button", { name: /Run on this device/ }).click();
  await written(page, "Both the same", "On this device");
  // Points may be 0.05 of a twentieth of the x-height apart.
  expect(await changedPixels(page, onServer)).toBeLessThan(0.01 * (await inkedPixels(page)));
  await expect(page.getByText(/WebAssembly|WebGPU/).first()).toBeVisible();

  // The density, which opens at the end of a letter and moves with the pen.
  await page.getByRole("checkbox", { name: "Where the pen may go next" }).check();
  const density = page.getByRole("img", { name: "The density of the next point about the pen" });
  const drawn = () => density.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.getByRole("slider", { name: "The pen’s way" }).fill("100");
  const early = await drawn();
  await page.getByRole("slider", { name: "The pen’s way" }).fill("300");
  await expect.poll(drawn).not.toBe(early);

  // From now on nothing is asked of the server, neither for other texts nor for one's own hand.
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await write(page, "Only here\nand nowhere else");
  await written(page, "Only here\nand nowhere else", "On this device");
  await page.getByRole("button", { name: "Your own hand" }).click();
  const dialog = page.getByRole("dialog", { name: "Your own hand" });
  await writeOnPad(page);
  await dialog.getByRole("button", { name: "Write in this hand" }).click();
  await expect(dialog).toBeHidden();
  await expect(sheet(page)).toHaveAttribute("aria-busy", "false");
  await expect.poll(() => inkedPixels(page)).toBeGreaterThan(100);
  expect(sent).toEqual([]);

  // The worker ends with the page.
  expect(page.workers().length).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Inkling" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
});

test("names the reason and takes the server when the device cannot load the model", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, (route) => route.abort());
  await openPage(page, "?text=From+the+server&seed=7");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server answers instead." })).toBeVisible();
  await written(page, "From the server");
});

test("cancels a download, and a line that is being written here", async ({ page }) => {
  test.setTimeout(180_000);
  let delay = 3_000;
  await page.route(/\/api\/models\/files\/.*onnx/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    await route.continue().catch(() => {});
  });
  await openPage(page, "?text=Short&seed=7");
  await written(page, "Short");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: /Run on this device/ })).toBeVisible();

  delay = 0;
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await written(page, "Short", "On this device");
  await field(page).fill("a long text that is stopped ".repeat(15));
  await expect(page.getByText(/^Writing on this device/).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  await write(page, "And on it goes");
  await written(page, "And on it goes", "On this device");
  await chooseHand(page, "Nobody’s");
  await written(page, "And on it goes", "On this device");
});
