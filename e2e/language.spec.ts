import { expect, type Page, test } from "@playwright/test";
import { violations } from "./fixtures/axe";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

const field = (page: Page) => page.getByRole("textbox", { name: /^Your text/ });
const written = (page: Page) => page.getByRole("region", { name: "What is written" });
const characters = (page: Page) => written(page).locator("[data-at]");
const undo = (page: Page) => page.getByRole("button", { name: "Undo" });
const write = (page: Page) => page.getByRole("button", { name: "Write on" });

/** Opens the page and waits until it is interactive: only then does it know what running on the device would download. */
async function openPage(page: Page, query = ""): Promise<void> {
  await page.goto(`/language${query}`);
  await expect(page.getByRole("button", { name: /^Run on this device.*\d (k|M)B/ })).toBeVisible();
}

/** Waits until the text on screen is one that has just been written at this place. */
async function finished(page: Page, where: "On the server" | "On this device"): Promise<string> {
  await expect(written(page)).toHaveAttribute("aria-busy", "false");
  await expect(written(page).getByText(where)).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
  return (await characters(page).allTextContents()).join("").replaceAll("↵", "").trim();
}

const slide = (page: Page, name: string, value: number) =>
  page.getByRole("slider", { name }).evaluate((input, next) => {
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    setter?.call(input, String(next));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);

async function byApi(page: Page, body: Record<string, unknown>) {
  const response = await page.request.post("/api/language", { data: body });
  expect(response.status()).toBe(200);
  return await response.json();
}

test("opens with a finished example, and writes on what the API writes", async ({ page }) => {
  await openPage(page);
  await expect(written(page)).toContainText("wrote in advance");
  expect(await characters(page).count()).toBeGreaterThan(200);

  await field(page).fill("Emma was sure that");
  await slide(page, "Length", 100);
  await slide(page, "Temperature", 0.5);
  await page.getByRole("spinbutton", { name: "Seed" }).fill("42");
  await field(page).press("ControlOrMeta+Enter");
  await finished(page, "On the server");
  const asked = { text: "Emma was sure that", length: 100, temperature: 0.5, seed: 42 };
  const answer = await byApi(page, asked);
  await expect(characters(page)).toHaveCount(answer.characters.length);
  const shown = await characters(page).allTextContents();
  expect(shown.map((text) => text.replace("↵", "").trim())).toEqual(
    answer.characters.map(({ text }: { text: string }) => text.trim()),
  );
  await expect(written(page).getByText(/Your text: \d+\.\d\d bits a character\. What it wrote: \d/)).toBeVisible();
  await expect(written(page).getByText(/take this network 1\.\d\d bits a character/)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Written: / })).toHaveCount(1);

  // With the same seed the same, with another one something else.
  const before = (await characters(page).allTextContents()).join("");
  await page.getByRole("button", { name: "Another seed" }).click();
  await write(page).click();
  await expect.poll(async () => (await characters(page).allTextContents()).join("")).not.toBe(before);
});

test("types, and can be stopped", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await openPage(page);
  await field(page).fill("Emma");
  await slide(page, "Length", 1000);
  await write(page).click();
  await expect(page.getByText("It types…").first()).toBeVisible();
  const early = await characters(page).count();
  await expect.poll(() => characters(page).count()).toBeGreaterThan(early + 10);
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  const stopped = await characters(page).count();
  expect(stopped).toBeLessThan(1004);
  await page.waitForTimeout(300);
  expect(await characters(page).count()).toBe(stopped);
});

test("types nothing under an error", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await openPage(page);
  await slide(page, "Length", 1000);
  await write(page).click();
  await expect(page.getByText("It types…").first()).toBeVisible();
  await page.route("**/api/language", (route) => route.abort());
  await write(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server cannot be reached" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
  const left = await characters(page).count();
  expect(left).toBeLessThan(1000);
  await page.waitForTimeout(300);
  expect(await characters(page).count()).toBe(left);
});

test("goes on from what is written", async ({ page }) => {
  await openPage(page, "?text=Emma&length=40&seed=3&temperature=0.5&runOn=server");
  await write(page).click();
  const first = await finished(page, "On the server");
  await page.getByRole("button", { name: "Go on from what is written" }).click();
  await expect(characters(page)).toHaveCount(4 + 40 + 40);
  // The same text as at once: the noise follows from seed and place.
  const whole = await byApi(page, { text: "Emma", length: 80, seed: 3, temperature: 0.5 });
  expect(await field(page).inputValue()).toBe(whole.text.slice(0, 44));
  expect(first).toContain("Emma");
  expect((await finished(page, "On the server")).replaceAll(/\s/g, "")).toBe(whole.text.replaceAll(/\s/g, ""));
  // What was typed before comes back.
  await page.keyboard.press("b");
  await expect(field(page)).toHaveValue("Emma");
  await expect(undo(page)).toHaveCount(0);
});

test("takes back letters together, and a slider's way", async ({ page }) => {
  await openPage(page, "?text=Emma&temperature=0.5");
  await field(page).press("End");
  await field(page).pressSequentially(" was sure");
  await slide(page, "Temperature", 1);
  await slide(page, "Temperature", 1.5);
  await undo(page).click();
  await expect(page.getByRole("slider", { name: "Temperature" })).toHaveValue("0.5");
  await expect(field(page)).toHaveValue("Emma was sure");
  await undo(page).click();
  await expect(field(page)).toHaveValue("Emma");
  await expect(undo(page)).toHaveCount(0);
});

test("says of each character how surprising it was, by keyboard and by pointer", async ({ page }) => {
  await openPage(page);
  const text = written(page).getByRole("region", { name: "The text, character by character" });
  await text.focus();
  await page.keyboard.press("ArrowRight");
  await expect(written(page).getByText(/^“I”, yours: \d+\.\d bits?, as the model gave it/)).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(written(page).getByText(/^“t”, yours/)).toBeVisible();
  await page.keyboard.press("End");
  await expect(written(page).getByText(/, written: /)).toBeVisible();
  await characters(page).first().hover();
  await expect(written(page).getByText(/^“I”, yours/)).toBeVisible();
});

test("colours by surprise, and by what each unit holds", async ({ page }) => {
  await openPage(page);
  const colours = () =>
    characters(page).evaluateAll((all) => all.map((each) => (each as HTMLElement).style.background));
  const seen = new Set([(await colours()).join()]);
  const units = page.getByRole("radio", { name: /^Unit \d+: / });
  expect(await units.count()).toBeGreaterThanOrEqual(3);
  for (let index = 0; index < (await units.count()); index += 1) {
    await units.nth(index).check();
    await expect(page.getByText(/on chapters that it never saw with/)).toBeVisible();
    seen.add((await colours()).join());
  }
  expect(seen.size).toBe((await units.count()) + 1);
});

test("names what no novel had, and asks nothing with it", async ({ page }) => {
  await openPage(page);
  await field(page).fill("<b>π</b> ☃ “naïve”");
  await expect(page.getByText(/The novels have none of these characters: .*π/)).toBeVisible();
  await expect(write(page)).toBeDisabled();
  await page.getByRole("button", { name: "Leave them out" }).click();
  await expect(write(page)).toBeEnabled();
  await undo(page).click();
  await expect(field(page)).toHaveValue("<b>π</b> ☃ “naïve”");
  await page.getByRole("button", { name: "Leave them out" }).click();
  await write(page).click();
  expect(await finished(page, "On the server")).toContain('"naive"');
  await expect(page.getByRole("main").locator("b")).toHaveCount(0);
});

test("says at the field that a text is too long, and keeps its end", async ({ page }) => {
  await openPage(page, "?length=0");
  await field(page).fill(`${"a".repeat(4_990)} the end.`);
  await expect(page.getByText("4,999 of 2,000 characters")).toBeVisible();
  await expect(write(page)).toBeDisabled();
  const keep = page.getByRole("button", { name: "Keep the end" });
  await keep.click();
  await undo(page).click();
  await expect(field(page)).toHaveValue(`${"a".repeat(4_990)} the end.`);
  await keep.click();
  await expect(field(page)).toHaveValue(`${"a".repeat(1_991)} the end.`);
  await write(page).click();
  await finished(page, "On the server");
  await expect(characters(page)).toHaveCount(2_000);
});

test("begins by itself where there is no text", async ({ page }) => {
  await openPage(page);
  await field(page).fill("");
  await write(page).click();
  await finished(page, "On the server");
  await expect(written(page).getByText(/^What it wrote: /)).toBeVisible();
});

test("draws maps with neighbours", async ({ page }) => {
  await openPage(page);
  await page.getByRole("tab", { name: "Maps" }).click();
  await expect(page.getByRole("img", { name: /^Map of \d+ words/ })).toBeVisible();
  const near = page.getByRole("region", { name: "Neighbours" });
  await expect(near.getByText("Nearest to “could”:")).toBeVisible();
  await page.getByRole("combobox", { name: "Look at" }).selectOption({ label: "“she”" });
  await expect(near.getByText("Nearest to “she”:")).toBeVisible();
  await expect(near.getByRole("button")).toHaveCount(6);
  const name = await near.getByRole("button").first().innerText();
  await near.getByRole("button").first().click();
  await expect(near.getByText(`Nearest to ${name}:`)).toBeVisible();
  await page.getByRole("radio", { name: "Characters" }).check();
  await expect(page.getByRole("img", { name: /^Map of \d+ characters/ })).toBeVisible();
  await expect(near.getByText("Nearest to “?”:")).toBeVisible();
  // A point of the map can be touched.
  const before = await near.innerText();
  const box = await page.getByRole("img", { name: /^Map of/ }).boundingBox();
  if (!box) throw new Error("no map");
  await page.mouse.click(box.x + box.width * 0.8, box.y + box.height * 0.5);
  await expect.poll(() => near.innerText()).not.toBe(before);
});

test("cites a paper with each equation, and shows the same call from a program", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query = "?text=Emma+%26+I&length=20&temperature=0.5&seed=5&runOn=server";
  await openPage(page, query);
  await page.getByRole("tab", { name: "Equations" }).click();
  const equations = page.getByRole("tabpanel").locator("dd");
  await expect(equations.nth(3)).toBeVisible();
  for (const equation of await equations.all()) await expect(equation.getByRole("link").first()).toBeVisible();
  // Each paper has a link of its own.
  for (const paper of ["Gers et al. (2000)", "Gumbel (1954)", "Maddison, Tarlow and Minka (2014)"]) {
    await expect(equations.getByRole("link", { name: paper, exact: true })).toHaveCount(1);
  }
  await write(page).click();
  await finished(page, "On the server");
  await page.getByRole("button", { name: "Copy a link" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}/language${query}`);
  await page.getByRole("tab", { name: "From a program" }).click();
  await expect(page.getByRole("tabpanel", { name: "curl" })).toContainText(`${baseURL}/api/language`);
});

test("writes the same on this device, and asks nothing of the server then", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page, "?text=Emma+was&length=100&temperature=0.5&seed=5");
  await write(page).click();
  const onServer = await finished(page, "On the server");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(page.getByText(/Ready on this device|is on this device/).first()).toBeVisible({ timeout: 120_000 });
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await write(page).click();
  await expect(written(page).getByText("On this device")).toBeVisible({ timeout: 60_000 });
  expect(await finished(page, "On this device")).toBe(onServer);
  expect(sent).toEqual([]);
});

test("says what went wrong, and can be tried again", async ({ page }) => {
  await openPage(page);
  await page.route("**/api/language", (route) => route.abort());
  await write(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "The server cannot be reached" })).toBeVisible();
  await page.unroute("**/api/language");
  await page.getByRole("button", { name: "Try again" }).click();
  await finished(page, "On the server");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, and answers touch", async ({ page }) => {
    await openPage(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await write(page).tap();
    await finished(page, "On the server");
    await characters(page).nth(30).tap();
    await expect(written(page).getByText(/, (yours|written): /)).toBeVisible();
    for (const tab of ["Maps", "Equations", "From a program"]) {
      await page.getByRole("tab", { name: tab }).tap();
      await expect(page.getByRole("tabpanel").first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    }
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await slide(page, "Temperature", 2);
    await write(page).click();
    await finished(page, "On the server");
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.getByRole("radio", { name: /^Unit \d+: hints at quotation marks/ }).check();
    await page.getByRole("tab", { name: "Maps" }).click();
    await expect(page.getByRole("img", { name: /^Map of/ })).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("tab", { name: "Equations" }).click();
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
