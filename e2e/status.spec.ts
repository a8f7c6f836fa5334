import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { withOwnServer } from "./fixtures/own-server";

/** Opens the page until it says what is looked for: models take a while to load. */
async function openPage(page: Page, url: string, text: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(url);
    await expect(page.getByRole("main").getByText(text)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

test("says that the server is ready, where the models run, and what was answered", async ({ page, request }) => {
  test.slow();
  const isReady = /^This server is ready\. Its models run on (the CPU|the GPU \((CUDA|WebGPU)\))\.$/;
  await openPage(page, "/status", isReady);
  const row = page.getByRole("row", { name: /^Stories/ });
  const counts = async () => (await row.getByRole("cell").allTextContents()).slice(0, 3).map(Number);
  const [answered = Number.NaN, refused = Number.NaN, failed = Number.NaN] = await counts();
  const data = { story: ["Mary went to the kitchen."], question: "Where is Mary?" };
  expect((await request.post("/api/stories", { data })).status()).toBe(200);
  expect((await request.post("/api/stories", { data: {} })).status()).toBe(400);
  await openPage(page, "/status", isReady);
  expect(await counts()).toEqual([answered + 1, refused + 1, failed]);
});

test("says that the server is not ready, and which file is missing", async ({ page }) => {
  test.slow();
  const folder = await mkdtemp(join(tmpdir(), "inkling-status-"));
  try {
    await copyFile("models/manifest.json", join(folder, "manifest.json"));
    await withOwnServer(
      async ({ url }) => {
        const readProblem = async () => await (await fetch(`${url}/api/health/ready`)).json();
        await expect.poll(async () => (await readProblem()).detail).toContain("vision/encoder.onnx");
        const { detail, suggestion } = await readProblem();
        await page.goto(`${url}/status`);
        await expect(
          page.getByText(`This server is not ready. ${detail} ${suggestion}`, { exact: true }),
        ).toBeVisible();
      },
      { MODELS_DIRECTORY: folder },
      "ignore",
      503,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
