import { expect, test } from "@playwright/test";
import { openPage, written } from "./fixtures/handwriting-page";

test("shows what is kept on this device, and removes it", async ({ page }) => {
  test.setTimeout(180_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openPage(page, "?text=Kept&seed=7");
  await page.getByRole("button", { name: /^Run on this device/ }).click();
  await written(page, "Kept", "On this device");

  await page.goto("/storage");
  const item = (name: string) => page.getByRole("listitem").filter({ hasText: name });
  await expect(page.getByText(/^[\d.]+ [kM]B of the [\d.]+ MB that this browser gives\.$/)).toBeVisible();
  await expect(item("runs without a network").filter({ hasText: /\d MB/ })).not.toHaveCount(0);
  await expect(item("ONNX Runtime")).toContainText(/1\d\.\d MB/);
  await expect(item("Settings")).toBeVisible();

  // History comes back, a model does not.
  await expect(item("History: Handwriting")).toContainText(/\d results?/);
  const kept = (await item("History: Handwriting").textContent()) ?? "";
  await page.getByRole("button", { name: "Remove History: Handwriting" }).click();
  await expect(page.getByText("Removed: History: Handwriting.")).toBeVisible();
  await expect(item("History: Handwriting")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item("History: Handwriting")).toHaveText(kept);
  const model = page.getByRole("button", { name: "Remove Handwriting", exact: true });
  await model.click();
  await expect(model).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);

  await page.goto("/handwriting");
  await expect(page.getByRole("button", { name: /^Run on this device \(\d/ })).toBeVisible();
});
