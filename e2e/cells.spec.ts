import { expect, type Page, test } from "@playwright/test";
import { violations } from "./fixtures/axe";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** Opens the page and waits until it is interactive. */
async function openPage(page: Page, query = ""): Promise<void> {
  await page.goto(`/cells${query}`, { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { level: 1, name: "Cells" })).toBeVisible();
}

const sequence = (page: Page) => page.getByRole("textbox", { name: "The sequence" });
/** Types a sequence, again where the page came to life meanwhile and put its own back. */
const type = (page: Page, text: string) =>
  expect(async () => {
    await sequence(page).fill(text);
    await expect(sequence(page)).toHaveValue(text, { timeout: 1000 });
  }).toPass();
const stepSlider = (page: Page) => page.getByRole("slider", { name: "Step", exact: true });
const network = (page: Page) => page.getByRole("region", { name: "The network, step by step" });
const numbers = (page: Page) => page.getByRole("table", { name: /^All numbers:/ });
const runTable = (page: Page) => page.getByRole("table", { name: "The same in numbers" });

/** A number of the training's table, of the first or second cell. */
async function trained(page: Page, row: string, column: 0 | 1): Promise<number> {
  const cell = runTable(page).getByRole("row", { name: row }).getByRole("cell").nth(column);
  const [mantissa = "", exponent = ""] = ((await cell.textContent()) ?? "").split("\u00a0×\u00a010");
  const digits = [...exponent].map((digit) => (digit === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit))).join("");
  return Number.parseFloat(`${mantissa}e${digits || 0}`);
}

test("opens with a cell that has learned parity, and follows what one types", async ({ page }) => {
  await openPage(page);
  const odd = network(page)
    .getByRole("row", { name: /^Odd\?/ })
    .getByRole("cell");
  const answers = async () =>
    (await odd.allInnerTexts()).map((text) => Number.parseInt(text.replace(/[<>] /, ""), 10) > 50);
  // 1 0 1 1 0 0 1 0
  expect(await answers()).toEqual([true, true, false, true, true, true, false, false]);
  await type(page, "0 1 1 1");
  await expect(odd).toHaveCount(4);
  expect(await answers()).toEqual([false, true, false, true]);
  await type(page, "0 1 one");
  await expect(page.getByText("“one” is not a number")).toBeVisible();
  // What could be read last stays.
  await expect(odd).toHaveCount(4);
});

test("shows every gate’s numbers at each step, in drawing, equations and table alike", async ({ page }) => {
  test.slow();
  await openPage(page);
  for (const [cell, gates] of [
    ["Simple RNN", []],
    ["GRU", ["r", "z", "n", "u"]],
    ["Peephole LSTM", ["i", "f", "g", "o"]],
    ["Coupled gates", ["i", "g", "o"]],
    ["LSTM", ["i", "f", "g", "o"]],
  ] as const) {
    await page.getByRole("radio", { name: cell, exact: true }).check();
    await expect(page.getByRole("img", { name: new RegExp(`^${cell}, Cell, step 3 of 8`) })).toBeVisible();
    for (const gate of gates) {
      const [value = ""] = await numbers(page)
        .getByRole("row", { name: new RegExp(`^${gate} `) })
        .getByRole("cell")
        .allInnerTexts();
      expect(value).toMatch(/^−?\d\.\d\d$/);
      await expect(page.getByRole("img", { name: /step 3 of 8/ })).toContainText(value);
      await expect(
        page
          .getByRole("definition")
          .filter({ hasText: `=${value}` })
          .first(),
      ).toBeVisible();
    }
  }
  const before = await numbers(page).innerText();
  await page.getByRole("button", { name: "Next step" }).click();
  await expect(page.getByRole("img", { name: /step 4 of 8/ })).toBeVisible();
  expect(await numbers(page).innerText()).not.toBe(before);
});

test("unrolls two layers and both directions, and leads into each cell", async ({ page }) => {
  await openPage(page);
  await page.getByRole("radio", { name: "Two layers" }).check();
  await network(page)
    .getByRole("button", { name: /^Layer 2, step 5:/ })
    .click();
  await expect(page.getByRole("img", { name: /Layer 2, step 5 of 8/ })).toContainText("3 numbers");
  await page.getByRole("radio", { name: "Both directions" }).check();
  // Both layers read the input, which therefore stands between them.
  await expect(network(page).getByRole("rowheader")).toHaveText(["Odd?", /^Backward/, "Input", /^Forward/]);
  await expect(page.getByText("one layer reads them from left to right and one from right to left")).toBeVisible();
  await network(page)
    .getByRole("button", { name: /^Backward, step 8:/ })
    .click();
  const table = page.getByRole("table", { name: "All numbers: Backward, step 8 of 8" });
  // Where the backward network begins there is nothing before.
  await expect(table.getByRole("row", { name: /^h before/ })).toContainText("0.00");
});

test("learns in a worker: the loss falls, it pauses, goes on and is reset", async ({ page }) => {
  test.slow();
  await openPage(page, "?task=parity&length=6&units=8&rate=0.03");
  await expect(page.getByText("Nothing is learned yet.")).toBeVisible();
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  await expect(page.getByText(/LSTM has learned it, by step \d+/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused.")).toBeVisible();
  expect(await trained(page, "Loss now", 0)).toBeLessThan(0.5 * (await trained(page, "Loss at first", 0)));
  await expect(page.getByRole("img", { name: /^Loss\. LSTM from 0\.\d+ to / })).toBeVisible();

  const progress = page.getByText(/^Step \d+ of 5000/);
  const steps = async () => Number.parseInt(((await progress.textContent()) ?? "").replace("Step ", ""), 10);
  const paused = await steps();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(steps).toBeGreaterThan(paused);
  await page.getByRole("checkbox", { name: "Clip gradients" }).uncheck();
  await expect(page.getByText("clipped to this")).toHaveCount(0);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(page.getByText("Nothing is learned yet.")).toBeVisible();
  await expect(progress).toHaveCount(0);
});

test("shows a gradient that vanishes in the simple network and not in the LSTM, and one that explodes", async ({
  page,
}) => {
  await openPage(page);
  const [lstm, rnn] = [await trained(page, "at its first step", 0), await trained(page, "at its first step", 1)];
  expect(lstm).toBeGreaterThan(1e4 * rnn);
  await page.getByRole("button", { name: "Exploding" }).click();
  await expect(page.getByRole("radio", { name: "Plain descent" })).toBeChecked();
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  await expect.poll(() => trained(page, "at its first step", 0)).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await expect(page.getByText("Paused.")).toBeVisible();
  expect(await trained(page, "at its first step", 0)).toBeGreaterThan(
    100 * (await trained(page, "Gradient at the sequence’s last step", 0)),
  );
  // It differs in the pace alone, and begins anew all the same.
  await page.getByRole("button", { name: "A step too far" }).click();
  await expect(page.getByText("Nothing is learned yet.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Learn", exact: true })).toBeVisible();
});

test("keeps no curves that other settings have made", async ({ page }) => {
  await openPage(page);
  await expect(page.getByText(/LSTM has learned it, by step \d+/)).toBeVisible();
  await page.getByRole("slider", { name: "Learning rate" }).press("ArrowRight");
  await expect(page.getByText("Nothing is learned yet.")).toBeVisible();
  await expect(page.getByText("nothing yet", { exact: true })).toHaveCount(3);
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  await expect(page.getByText(/^Step \d+ of 5000/)).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("slider", { name: "Learning rate" }).press("ArrowLeft");
  await expect(page.getByText(/learning rate or clipping changed at step \d+/)).toBeVisible();
});

test("takes a preset back, and a slider's way", async ({ page }) => {
  await openPage(page, "?length=25&seed=3");
  const undo = page.getByRole("button", { name: "Undo" });
  const length = page.getByRole("slider", { name: "Sequence length" });
  await expect(undo).toHaveCount(0);
  await length.press("ArrowRight");
  await length.press("ArrowRight");
  await expect(length).toHaveValue("27");
  await page.getByRole("button", { name: "Exploding" }).click();
  await expect(length).toHaveValue("60");
  // It is set already: no step.
  await page.getByRole("button", { name: "Exploding" }).click();
  await undo.click();
  await expect(length).toHaveValue("27");
  await expect(page.getByRole("radio", { name: "Adam" })).toBeChecked();
  await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue("3");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("z");
  await expect(length).toHaveValue("25");
  await expect(undo).toHaveCount(0);
  await expect(page.getByText("Nothing is learned yet.")).toBeVisible();
});

test("checks the gradient of each cell", async ({ page }) => {
  await openPage(page);
  for (const cell of ["LSTM", "GRU"]) {
    await page.getByRole("radio", { name: cell, exact: true }).check();
    await page.getByRole("button", { name: "Check the gradient" }).click();
    await expect(page.getByText(new RegExp(`^Right \\(${cell}\\): of \\d+ numbers none is off by more`))).toBeVisible();
    await expect(page.getByRole("table", { name: "The greatest difference of each parameter" })).toBeVisible();
  }
});

test("opens a share link, and makes one", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query =
    "?cell=gru&arrangement=both&sequence=1+0.5+-2&weights=7&step=2&task=adding&first=coupled&length=25&clipping=off&seed=3";
  await openPage(page, query);
  await expect(sequence(page)).toHaveValue("1 0.5 -2");
  await expect(page.getByRole("radio", { name: "GRU" })).toBeChecked();
  await expect(page.getByRole("img", { name: /^GRU, Forward, step 2 of 3/ })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Cell" })).toHaveValue("coupled");
  await expect(page.getByRole("checkbox", { name: "Clip gradients" })).not.toBeChecked();
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe(query);
  for (const nonsense of ["?cell=x&sequence=%00&step=99", "?length=1e9&seed=-1&gain=NaN"]) {
    expect((await page.goto(`/cells${nonsense}`))?.status()).toBe(200);
    await expect(network(page)).toBeVisible();
  }
});

test("works by keyboard alone", async ({ page }) => {
  await openPage(page);
  await page.keyboard.press("/");
  await expect(sequence(page)).toBeFocused();
  await page.keyboard.type("1101");
  await expect(network(page).getByRole("button")).toHaveCount(4);
  await page.keyboard.press("Tab");
  await page.keyboard.press("n");
  await expect(page.getByRole("img", { name: /step 4 of 4/ })).toBeVisible();
  await page.keyboard.press("b");
  await expect(page.getByRole("img", { name: /step 3 of 4/ })).toBeVisible();
  await stepSlider(page).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("img", { name: /step 2 of 4/ })).toBeVisible();
  await network(page).getByRole("button").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("img", { name: /step 1 of 4/ })).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByText("Learning …")).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByText("Paused.")).toBeVisible();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toContainText("A step back");
  await expect(help).not.toContainText("history");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, and is stepped through by touch", async ({ page }) => {
    await openPage(page, "?arrangement=two&sequence=0101010101010101");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const next = page.getByRole("button", { name: "Next step" });
    expect((await next.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await next.tap();
    await expect(page.getByRole("img", { name: /step 4 of 16/ })).toBeVisible();
    await page.getByRole("button", { name: "Check the gradient" }).tap();
    await expect(page.getByText(/^Right \(.+\): of \d+ numbers/)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page, "?cell=peephole&arrangement=two&weights=3");
    await type(page, "1 0 x");
    await page.getByRole("button", { name: "Check the gradient" }).click();
    await expect(page.getByText(/^Right \(.+\): of \d+ numbers/)).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.getByRole("button", { name: "Keyboard" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
