import { expect, type Page, test } from "@playwright/test";
import {
  chooseHand,
  dreamt,
  field,
  hands,
  openPage,
  picture,
  save,
  sheet,
  watch,
  writeOnPad,
  written,
} from "./fixtures/handwriting-page";

const dreamOn = (page: Page) => page.getByRole("button", { name: "Dream on" });

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("dreams without a text, until one types", async ({ page }) => {
  await openPage(page, "?text=Awake&seed=7");
  await written(page, "Awake");
  const { styles } = await (await page.request.get("/api/handwriting/styles")).json();
  await expect(hands(page).getByRole("radio").first()).toBeChecked();
  const asked = watch(page);
  await expect(dreamOn(page)).toHaveAttribute("aria-pressed", "false");
  await dreamOn(page).click();
  await dreamt(page);
  await expect(dreamOn(page)).toHaveAttribute("aria-pressed", "true");
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ dream: 4, seed: 7, style: styles[0].id });
  expect("text" in (asked[0] ?? {})).toBe(false);
  await expect(hands(page).getByRole("radio").first()).toBeChecked();
  await expect(page.getByText("what looks like words and says nothing")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Written without a text." })).toHaveCount(1);
  await expect(page.getByText("Which character it is writing")).toHaveCount(0);

  // Another hand's dream, and back again.
  const first = await picture(page);
  await chooseHand(page, "Nobody’s");
  await expect.poll(() => picture(page)).not.toBe(first);
  await expect.poll(() => asked.at(-1)).toMatchObject({ dream: 4, seed: 7, style: null });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => picture(page)).toBe(first);

  await field(page).press("End");
  await field(page).pressSequentially(" again");
  await written(page, "Awake again");
  await expect(dreamOn(page)).toHaveAttribute("aria-pressed", "false");
  expect(asked.at(-1)).toMatchObject({ text: "Awake again" });
  expect("dream" in (asked.at(-1) ?? {})).toBe(false);
  await page.getByRole("button", { name: "Undo" }).click();
  await dreamt(page);
  await expect(field(page)).toHaveValue("Awake");
  await page.getByRole("button", { name: "Undo" }).click();
  await written(page, "Awake");
});

test("dreams by key, and on from one's own hand", async ({ page }) => {
  await openPage(page, "?text=My+own&seed=3");
  await written(page, "My own");
  await page.getByRole("button", { name: "Your own hand" }).click();
  await writeOnPad(page);
  const asked = watch(page);
  await page.getByRole("dialog").getByRole("button", { name: "Write in this hand" }).click();
  await expect.poll(() => asked.length).toBe(1);
  await expect(sheet(page)).toHaveAttribute("aria-busy", "false");
  await hands(page).getByRole("radio", { name: "Yours" }).focus();
  await page.keyboard.press("g");
  await dreamt(page);
  const sent = asked.at(-1) ?? {};
  expect(sent.dream).toBe(4);
  expect((sent.prime as { strokes: unknown[] }).strokes).toHaveLength(3);
  expect("text" in sent || "style" in sent).toBe(false);
  await page.keyboard.press("g");
  await written(page, "My own");
});

test("shares, keeps and hands out a dream", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query = "?text=Awake&dream=1&seed=7&style=none&bias=1.5&lineWidth=30&runOn=server";
  await openPage(page, query);
  await dreamt(page);
  const first = await picture(page);
  await expect(dreamOn(page)).toHaveAttribute("aria-pressed", "true");
  await expect(field(page)).toHaveValue("Awake");
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe(query);

  await page.getByRole("button", { name: "Download", exact: true }).click();
  const svg = await save(page, () => page.getByRole("button", { name: "SVG", exact: true }).click());
  expect(svg.download.suggestedFilename()).toBe("dream.svg");

  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/handwriting`);
    await expect(code).toContainText(/dream\W+4/);
  }
  await expect(page.getByRole("tab", { name: "HTML" })).toHaveCount(0);

  await openPage(page, "?text=Awake");
  await written(page, "Awake");
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("list", { name: "Earlier results" }).getByRole("button", { name: "Dream", exact: true }).click();
  await dreamt(page);
  await expect.poll(() => picture(page)).toBe(first);
  await expect(dreamOn(page)).toHaveAttribute("aria-pressed", "true");
});
