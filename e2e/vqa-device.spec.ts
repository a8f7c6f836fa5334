import { expect, test } from "@playwright/test";
import { CAT, freshPhoto, jpeg, SHEPHERD } from "./fixtures/photos";
import { answer, answered, answers, answersByApi, ask, fileInput, openPage, suggestions } from "./fixtures/vqa-page";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("gives the same answers on this device as on the server", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page);
  await fileInput(page).setInputFiles(CAT);
  const question = "What color is the cat?";
  await ask(page, question);
  await answered(page, "On the server");
  const onServer = await answers(page);

  const run = page.getByRole("button", { name: /Run on this device/ });
  await expect(run).toHaveText(/\(\d+\.\d MB\)/);
  await run.click();
  await expect(page.getByRole("progressbar", { name: "Downloading" })).toBeVisible();
  await expect(answer(page).getByText("On this device")).toBeVisible({ timeout: 120_000 });
  await answered(page, "On this device");
  expect((await answers(page))[0]?.[0]).toBe(onServer[0]?.[0]);
  await expect(answer(page).getByText(/WebAssembly|WebGPU/)).toBeVisible();

  // From now on nothing is asked of the server, and suggestions come from here as well.
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await fileInput(page).setInputFiles(SHEPHERD);
  await ask(page, "What color is the dog?");
  expect(await answered(page, "On this device")).toBe(
    (await answersByApi(page, SHEPHERD, "What color is the dog?"))[0]?.text,
  );
  await expect(suggestions(page).first()).toBeVisible();
  expect(sent).toEqual([]);

  // The worker ends with the page.
  expect(page.workers().length).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Inkling" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
});

test("names the reason and takes the server when the device cannot load the model", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, (route) => route.abort());
  await openPage(page);
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server answers instead." })).toBeVisible();
  await ask(page, "What is this?");
  await answered(page, "On the server");
});

test("cancels a download and a question", async ({ page }) => {
  await page.route(/\/api\/models\/files\/.*onnx/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => {});
  });
  await openPage(page);
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: /Run on this device/ })).toBeVisible();

  const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/vqa"));
  await page.route("**/api/vqa", () => {
    // Never answered: only the visitor ends it.
  });
  await fileInput(page).setInputFiles(jpeg("slow.jpg", await freshPhoto("slow question")));
  await expect(page.getByText("Asking the server…").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  expect((await ended).failure()?.errorText).toContain("ABORTED");

  await page.unroute("**/api/vqa");
  await page.getByRole("button", { name: "Ask it" }).click();
  await answered(page, "On the server");
});
