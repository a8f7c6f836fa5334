import { expect, type Page, test } from "@playwright/test";
import { violations } from "./fixtures/axe";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

const story = (page: Page) => page.getByRole("region", { name: "The story" });
const sentences = (page: Page) => story(page).getByRole("textbox");
const question = (page: Page) => page.getByRole("textbox", { name: /^Your question/ });
const answer = (page: Page) => page.getByRole("region", { name: "The answer" });
const best = (page: Page) => answer(page).getByRole("rowheader").first();

/** Opens the page and waits until it is interactive: only then does it know what running on the device would download. */
async function openPage(page: Page, query = ""): Promise<void> {
  await page.goto(`/stories${query}`);
  await expect(page.getByRole("button", { name: /^Run on this device.*\d (k|M)B/ })).toBeVisible();
}

/** Waits until the answer on screen is one that has just been made at this place. */
async function answered(page: Page, where: "On the server" | "On this device"): Promise<string> {
  await expect(answer(page)).toHaveAttribute("aria-busy", "false");
  await expect(answer(page).getByText(where)).toBeVisible();
  return (await best(page).innerText()).trim();
}

async function ask(page: Page, text: string): Promise<void> {
  await question(page).fill(text);
  await question(page).press("Enter");
}

async function byApi(page: Page, body: { story: string[]; question: string }) {
  const response = await page.request.post("/api/stories", { data: body });
  expect(response.status()).toBe(200);
  return await response.json();
}

test("opens with a finished example, and answers what is asked about the story as it stands", async ({ page }) => {
  await openPage(page);
  await expect(answer(page)).toContainText("made in advance");
  await expect(story(page).getByText(/^It looked most at “/)).toBeVisible();
  const told = await sentences(page).evaluateAll((all) => all.map((input) => (input as HTMLInputElement).value));
  expect(told.length).toBeGreaterThan(3);

  await ask(page, "Where is Mary?");
  const shown = await answered(page, "On the server");
  const { answers, hops } = await byApi(page, { story: told, question: "Where is Mary?" });
  expect(shown).toBe(answers[0].text);
  // Each sentence says to a screen reader how much each look saw of it.
  const described = hops.map((_: unknown, hop: number) => new RegExp(`Look ${hop + 1}: (< )?(> )?\\d+ %`));
  for (const look of described) await expect(sentences(page).first()).toHaveAccessibleDescription(look);

  await sentences(page).last().fill("Mary went back to the office.");
  await expect(best(page)).toHaveText(
    (await byApi(page, { story: [...told.slice(0, -1), "Mary went back to the office."], question: "Where is Mary?" }))
      .answers[0].text,
  );
  await expect(page.getByRole("status").filter({ hasText: /^Answer: / })).toHaveCount(1);
});

test("names the words that it has not learned, and renders none of them as markup", async ({ page }) => {
  await openPage(page);
  await sentences(page).first().fill(`The <b>quagga</b> "went" to the kitchen'; DROP TABLE`);
  await ask(page, "Where is the quagga?");
  await answered(page, "On the server");
  await expect(answer(page).getByText(/has not learned the words .*quagga.*drop.*table/i)).toBeVisible();
  await expect(page.getByRole("main").locator("b")).toHaveCount(0);
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(0);
});

test("asks nothing where there is nothing to ask", async ({ page }) => {
  await openPage(page);
  for (const empty of ["", "  ", "?!"]) {
    await question(page).fill(empty);
    await expect(page.getByText("A question needs a word.").first()).toBeVisible();
    await expect(answer(page)).toHaveCount(0);
  }
  await question(page).fill("Where is Mary?");
  await answered(page, "On the server");
  const count = await sentences(page).count();
  for (let left = count; left > 1; left -= 1)
    await page.getByRole("button", { name: `Remove sentence ${left}` }).click();
  await page.getByRole("button", { name: "Remove sentence 1" }).click();
  await expect(sentences(page)).toHaveCount(1);
  await expect(page.getByText("A story needs a sentence.").first()).toBeVisible();
});

test("takes a pasted story apart, up to a hundred sentences", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPage(page);
  const told = Array.from({ length: 120 }, (_, i) => `${i + 1} Mary went to the ${i % 2 ? "garden" : "office"}.`);
  await page.evaluate((text) => navigator.clipboard.writeText(text), told.join("\n"));
  await sentences(page).last().focus();
  await page.keyboard.press("ControlOrMeta+v");
  await expect(sentences(page)).toHaveCount(100);
  await expect(page.getByText("It reads 100 sentences at most.")).toBeVisible();
  await expect(sentences(page).last()).toHaveValue(/^Mary went to the (garden|office)\.$/);
  await ask(page, "Where is Mary?");
  await answered(page, "On the server");
  await expect(page.getByRole("button", { name: "Copy a link" })).toBeVisible();
});

test("tells new stories of each kind and says what follows from them", async ({ page }) => {
  await openPage(page);
  const kind = page.getByRole("combobox", { name: "What it asks" });
  const kinds = await kind.getByRole("option").allInnerTexts();
  expect(kinds.length).toBeGreaterThanOrEqual(6);
  for (const label of kinds) {
    const before = await question(page).inputValue();
    const first = await sentences(page).first().inputValue();
    await kind.selectOption(label);
    await page.getByRole("button", { name: "Tell a new story" }).click();
    await expect
      .poll(async () => [await sentences(page).first().inputValue(), await question(page).inputValue()])
      .not.toEqual([first, before]);
    await answered(page, "On the server");
    await expect(answer(page).getByText(/follows from the story\.$/)).toBeVisible();
    await expect(answer(page).getByText("has not learned")).toHaveCount(0);
  }
  // A story of the visitor's own has no known answer.
  await sentences(page).first().fill("John went to the garden.");
  await expect(answer(page).getByText(/follows from the story\.$/)).toHaveCount(0);
});

test("takes back what was changed, a removed sentence and a new story too", async ({ page }) => {
  await openPage(page);
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toHaveCount(0);
  const told = async () => ({
    story: await sentences(page).evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value)),
    question: await question(page).inputValue(),
  });
  const first = await told();
  const said = await best(page).innerText();
  await page.getByRole("button", { name: "Remove sentence 2" }).click();
  await sentences(page).first().pressSequentially(" Then she slept.");
  const typed = await told();
  await page.getByRole("button", { name: "Tell a new story" }).click();
  await expect.poll(told).not.toEqual(typed);
  await undo.click();
  expect(await told()).toEqual(typed);
  // Letters that were typed one after the other are one change.
  await undo.click();
  expect((await told()).story).toEqual(first.story.toSpliced(1, 1));
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("b");
  expect(await told()).toEqual(first);
  await expect(undo).toHaveCount(0);
  await expect(best(page)).toHaveText(said);
});

test("works by keyboard alone", async ({ page }) => {
  await openPage(page);
  await page.keyboard.press("/");
  await expect(question(page)).toBeFocused();
  // The whole question is selected: typing replaces it.
  await page.keyboard.type("Where is John?");
  await page.keyboard.press("Enter");
  await answered(page, "On the server");

  const count = await sentences(page).count();
  await sentences(page).last().focus();
  await page.keyboard.press("Enter");
  await expect(sentences(page)).toHaveCount(count + 1);
  await expect(sentences(page).last()).toBeFocused();
  await page.keyboard.type("John travelled to the bathroom.");
  await page.keyboard.press("ArrowUp");
  await expect(sentences(page).nth(count - 1)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await expect(sentences(page)).toHaveCount(count);
  await expect(sentences(page).last()).toBeFocused();

  await page.keyboard.press("Escape");
  await page.getByRole("heading", { level: 1 }).click();
  const before = await sentences(page).first().inputValue();
  // A new story may begin as this one does.
  await expect(async () => {
    await page.keyboard.press("n");
    await expect(sentences(page).first()).not.toHaveValue(before, { timeout: 1000 });
  }).toPass({ timeout: 15_000 });
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toContainText("Tell a new story");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("opens a share link, makes one, and writes the call for a program", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query = "?story=Mary+went+to+the+garden.%0AJohn+%26+Mary+left.&question=Where+is+Mary%3F&runOn=server";
  await openPage(page, query);
  await expect(sentences(page)).toHaveCount(2);
  await expect(sentences(page).nth(1)).toHaveValue("John & Mary left.");
  await expect(question(page)).toHaveValue("Where is Mary?");
  await answered(page, "On the server");
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${baseURL}/stories${query}`);
  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/stories`);
    await expect(code).toContainText("John & Mary left.");
  }
});

test("gives the same answer on this device, and asks nothing of the server then", async ({ page }) => {
  test.setTimeout(180_000);
  await openPage(page);
  await ask(page, "Where is John?");
  const onServer = await answered(page, "On the server");
  await page.getByRole("button", { name: /Run on this device/ }).click();
  await expect(answer(page).getByText("On this device")).toBeVisible({ timeout: 120_000 });
  expect(await answered(page, "On this device")).toBe(onServer);
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await ask(page, "Where is Mary?");
  await answered(page, "On this device");
  expect(sent).toEqual([]);
  // The worker ends with the page.
  expect(page.workers().length).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Inkling" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
});

test("says what went wrong, and can be asked again or stopped", async ({ page }) => {
  await openPage(page);
  await page.route("**/api/stories", (route) => route.abort());
  await ask(page, "Where is Daniel?");
  await expect(page.getByRole("alert").filter({ hasText: "The server cannot be reached" })).toBeVisible();
  await page.unroute("**/api/stories");
  await page.getByRole("button", { name: "Try again" }).click();
  await answered(page, "On the server");

  await page.route("**/api/stories", () => {
    // Never answered: only the visitor ends it.
  });
  const asked = page.waitForRequest("**/api/stories");
  await ask(page, "Where is Sandra?");
  await asked;
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  await page.unroute("**/api/stories");
  await page.getByRole("button", { name: "Ask it" }).click();
  await answered(page, "On the server");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, and answers touch", async ({ page }) => {
    await openPage(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByRole("button", { name: "Tell a new story" }).tap();
    await answered(page, "On the server");
    await sentences(page).first().fill("An unusuallylongwordthatnobodyeverheardof went to the ".repeat(3));
    await answered(page, "On the server");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await sentences(page).first().fill("The quagga went to the kitchen.");
    await ask(page, "Where is the quagga?");
    await answered(page, "On the server");
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
