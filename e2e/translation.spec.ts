import { expect, type Page, test } from "@playwright/test";
import { violations } from "./fixtures/axe";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

const text = (page: Page) => page.getByRole("textbox", { name: /^English/ });
const translation = (page: Page) => page.getByRole("region", { name: "The translation" });
const plain = (page: Page) => page.getByRole("region", { name: "Without attention" });
const words = (page: Page) => page.getByRole("toolbar", { name: "Words of the translation" }).getByRole("button");
const matrix = (page: Page) => page.getByRole("region", { name: "Attention, word by word" });

/** Opens the page and waits until it is interactive: only then does it know what running on the device would download. */
async function openPage(page: Page, query = ""): Promise<void> {
  await page.goto(`/translation${query}`);
  await expect(page.getByRole("button", { name: /^Run on this device.*\d (k|M)B/ })).toBeVisible();
}

/** Waits until the translation on screen is one that has just been made at this place. */
async function translated(page: Page, where: "On the server" | "On this device"): Promise<string> {
  await expect(translation(page)).toHaveAttribute("aria-busy", "false");
  await expect(translation(page).getByText(where)).toBeVisible();
  return (await words(page).allInnerTexts()).join(" ");
}

async function translate(page: Page, english: string): Promise<void> {
  await text(page).fill(english);
  await text(page).press("Enter");
}

async function byApi(page: Page, data: Record<string, unknown>) {
  const response = await page.request.post("/api/translation", { data });
  expect(response.status()).toBe(200);
  return await response.json();
}

test("opens with a finished example, and translates what is typed, with attention and without", async ({ page }) => {
  await openPage(page);
  await expect(translation(page)).toContainText("made in advance");
  await expect(plain(page).locator("[lang=ru]")).toHaveText(/\p{Script=Cyrillic}/u);
  await expect(matrix(page).getByRole("row")).toHaveCount((await words(page).count()) + 1);

  const english = "I don't know where she is.";
  await translate(page, english);
  const shown = await translated(page, "On the server");
  const [attending, alone] = await Promise.all(
    ["attention", "plain"].map((variant) => byApi(page, { text: english, variant })),
  );
  expect(shown).toBe(attending.translations[0].text);
  await expect(plain(page).locator("[lang=ru]")).toHaveText(alone.translations[0].text);
  await expect(page.getByRole("status").filter({ hasText: `Translation: ${shown}` })).toHaveCount(1);
});

test("shows for each word where it looked, and what else might have stood there", async ({ page }) => {
  await openPage(page);
  const english = "My brother lives in a big house.";
  await translate(page, english);
  await translated(page, "On the server");
  const { words: named } = await byApi(page, { text: english, alternatives: 4 });
  await expect(words(page)).toHaveCount(named.length);
  for (const [index, { text: word, alternatives }] of named.entries()) {
    await words(page).nth(index).hover();
    await expect(words(page).nth(index)).toHaveAttribute("aria-pressed", "true");
    await expect(translation(page).getByText(`For “${word}” it looked most at`)).toBeVisible();
    for (const other of alternatives) {
      await expect(translation(page).getByRole("rowheader", { name: other.text, exact: true }).first()).toBeVisible();
    }
  }
  // Each row of the matrix is a distribution: rounded, it sums to about a hundred.
  for (const row of await matrix(page).getByRole("row").all()) {
    const cells = await row.getByRole("cell").allInnerTexts();
    if (cells.length === 0) continue;
    const sum = cells.reduce((total, cell) => total + Number(cell), 0);
    expect(Math.abs(sum - 100)).toBeLessThanOrEqual(cells.length);
  }
  // Another translation has a matrix of its own.
  const second = translation(page).getByRole("listitem").nth(1).getByRole("button");
  await second.click();
  await expect(second).toHaveAttribute("aria-pressed", "true");
  expect((await second.innerText()).startsWith((await words(page).allInnerTexts()).join(" "))).toBe(true);
});

test("lists each translation once, and none of an earlier text", async ({ page }) => {
  await openPage(page);
  const listed = translation(page).getByRole("listitem").locator("[lang=ru]");
  // The search finds one of the first text's translations twice, in other pieces.
  for (const english of ["She loves cats and dogs very much.", "How are you?", "It is raining."]) {
    await translate(page, english);
    await translated(page, "On the server");
    const { translations } = await byApi(page, { text: english });
    expect(new Set(translations.map(({ text: each }: { text: string }) => each)).size).toBe(translations.length);
    await expect(listed).toHaveText(translations.map(({ text: each }: { text: string }) => each));
  }
});

test("names what it cannot translate, and renders nothing as markup", async ({ page }) => {
  await openPage(page);
  await translate(page, "Привет, <b>мир</b>!");
  await expect(page.getByRole("alert").filter({ hasText: /has not learned.*П, р, и/ })).toBeVisible();
  await expect(page.getByRole("main").locator("b")).toHaveCount(0);
  await translate(page, "I am here.");
  await translated(page, "On the server");
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(0);
  for (const empty of ["", "   "]) {
    await text(page).fill(empty);
    await expect(page.getByText("Nothing to translate yet.").first()).toBeVisible();
    await expect(translation(page)).toHaveCount(0);
  }
});

test("takes back what was changed, a suggestion too", async ({ page }) => {
  await openPage(page);
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toHaveCount(0);
  const first = await text(page).inputValue();
  const said = (await words(page).allInnerTexts()).join(" ");
  await text(page).fill("");
  await text(page).pressSequentially("We are at home.");
  const suggestion = page.getByRole("button", { name: "She is reading a book." });
  await suggestion.click();
  await expect(text(page)).toHaveValue("She is reading a book.");
  await translated(page, "On the server");
  // What changes nothing is no step.
  await suggestion.click();
  await undo.click();
  await expect(text(page)).toHaveValue("We are at home.");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("b");
  await expect(text(page)).toHaveValue(first);
  await expect(undo).toHaveCount(0);
  await expect.poll(async () => (await words(page).allInnerTexts()).join(" ")).toBe(said);
});

test("works by keyboard alone", async ({ page }) => {
  await openPage(page);
  await page.keyboard.press("/");
  await expect(text(page)).toBeFocused();
  // The whole text is selected: typing replaces it.
  await page.keyboard.type("She reads a book every day.");
  await page.keyboard.press("Enter");
  await translated(page, "On the server");
  await words(page).first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(words(page).nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(words(page).last()).toBeFocused();
  await expect(words(page).last()).toHaveAttribute("aria-pressed", "true");
  const beam = page.getByRole("slider", { name: "Beam width" });
  await beam.focus();
  await page.keyboard.press("Home");
  await expect(translation(page).getByRole("listitem")).toHaveCount(0);
  await page.keyboard.press("ArrowRight");
  await expect(translation(page).getByRole("listitem")).toHaveCount(2);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toContainText("Go to the text");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("opens a share link, makes one, and writes the call for a program", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query = "?text=Where+is+Tom%3F&beamWidth=3&runOn=server";
  await openPage(page, query);
  await expect(text(page)).toHaveValue("Where is Tom?");
  await translated(page, "On the server");
  await page.getByRole("button", { name: "Copy a link" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}/translation${query}`);
  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/translation`);
    await expect(code).toContainText("Where is Tom?");
  }
});

test("gives the same translation on this device, and asks nothing of the server then", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page);
  await translate(page, "Tom bought a new car.");
  const onServer = await translated(page, "On the server");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(translation(page).getByText("On this device")).toBeVisible({ timeout: 120_000 });
  expect(await translated(page, "On this device")).toBe(onServer);
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await translate(page, "We are at home.");
  await translated(page, "On this device");
  expect(sent).toEqual([]);
  // The worker ends with the page.
  expect(page.workers().length).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Inkling" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
});

test("says what went wrong, and can be asked again or stopped", async ({ page }) => {
  await openPage(page);
  await page.route("**/api/translation", (route) => route.abort());
  await translate(page, "It is cold today.");
  await expect(page.getByRole("alert").filter({ hasText: "The server cannot be reached" }).first()).toBeVisible();
  await page.unroute("**/api/translation");
  await page.getByRole("button", { name: "Try again" }).click();
  await translated(page, "On the server");

  await page.route("**/api/translation", () => {
    // Never answered: only the visitor ends it.
  });
  const asked = page.waitForRequest("**/api/translation");
  await translate(page, "It was cold yesterday.");
  await asked;
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  await page.unroute("**/api/translation");
  await page.getByRole("button", { name: "Translate it" }).click();
  await translated(page, "On the server");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, and answers touch", async ({ page }) => {
    await openPage(page);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(360);
    await page.getByRole("button", { name: "She is reading a book." }).tap();
    await translated(page, "On the server");
    await words(page).nth(1).tap();
    await expect(words(page).nth(1)).toHaveAttribute("aria-pressed", "true");
    await text(page).fill("An unusuallylongwordthatnobodyeverheardof came ".repeat(4).slice(0, 200));
    await translated(page, "On the server");
    expect(await width()).toBe(360);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await translate(page, "Where is the nearest station?");
    await translated(page, "On the server");
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
