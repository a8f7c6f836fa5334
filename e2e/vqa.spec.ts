import { readFile } from "node:fs/promises";
import { expect, type Page, type Route, test } from "@playwright/test";
import { violations } from "./fixtures/axe";
import { CAT, freshPhoto, jpeg, SHEPHERD } from "./fixtures/photos";
import {
  answer,
  answered,
  answers,
  answersByApi,
  ask,
  field,
  fileInput,
  openPage,
  photo,
  suggestions,
} from "./fixtures/vqa-page";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** The questions to the API from now on, and whether each sent the photo. */
async function watch(page: Page) {
  const sent: { withPhoto: boolean; question: string }[] = [];
  // Only a request that is routed shows its whole body.
  await page.route("**/api/vqa", (route) => {
    const body = bodyOf(route);
    const question = /name="question"\r\n\r\n(.*?)\r\n/.exec(body)?.[1] ?? "";
    sent.push({ withPhoto: body.includes('name="image"'), question });
    return route.fallback();
  });
  return sent;
}

const bodyOf = (route: Route) => route.request().postDataBuffer()?.toString("latin1") ?? "";

test("opens with a finished example, and answers on a sample and on an uploaded photo", async ({ page }) => {
  await openPage(page);
  await expect(photo(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  await expect(answer(page)).toContainText("made in advance");
  expect(await answers(page)).toHaveLength(5);

  await ask(page, "What color is the dog?");
  expect(await answered(page, "On the server")).toBe(
    (await answersByApi(page, SHEPHERD, "What color is the dog?"))[0]?.text,
  );

  await fileInput(page).setInputFiles(CAT);
  await expect(photo(page).getByRole("img", { name: "Your photo cat.webp" })).toBeVisible();
  await expect(field(page)).toHaveValue("What color is the dog?");
  await ask(page, "What animal is this?");
  const best = await answered(page, "On the server");
  const byApi = await answersByApi(page, CAT, "What animal is this?");
  expect(best).toBe(byApi[0]?.text);
  const shown = (await answers(page)).map(([text]) => text);
  expect(shown).toEqual(byApi.map(({ text }) => text));
  await expect(page.getByRole("status").filter({ hasText: `Answer: ${best}, ` })).toHaveCount(1);
});

test("answers while one types, and sends the photo once", async ({ page }) => {
  await openPage(page);
  const sent = await watch(page);
  await field(page).fill("");
  await field(page).pressSequentially("Is there a dog in the picture?", { delay: 60 });
  await answered(page, "On the server");
  await expect.poll(() => sent.at(-1)?.question).toMatch(/^Is there a dog in the picture/);
  await field(page).press("Enter");
  await ask(page, "How many dogs are there?");
  await answered(page, "On the server");
  // A keystroke each 60 ms: far fewer questions than letters.
  expect(sent.length).toBeLessThan(15);
  expect(sent.filter(({ withPhoto }) => withPhoto)).toHaveLength(1);
  expect(sent[0]?.withPhoto).toBe(true);
});

test("sends the photo again when the server has forgotten it", async ({ page }) => {
  await openPage(page);
  await ask(page, "What is this?");
  await answered(page, "On the server");
  let refused = 0;
  await page.route("**/api/vqa", async (route) => {
    const body = bodyOf(route);
    if (body.includes('name="image"')) return route.continue();
    refused++;
    // What the server says of a hash that it does not know.
    const response = await route.fetch({
      postData: Buffer.from(body.replace(/[0-9a-f]{64}/, "0".repeat(64)), "latin1"),
    });
    expect(response.status()).toBe(404);
    expect((await response.json()).code).toBe("image_not_cached");
    return route.fulfill({ response });
  });
  const sent = await watch(page);
  await ask(page, "What color is the dog?");
  const best = await answered(page, "On the server");
  expect(best).toBe((await answersByApi(page, SHEPHERD, "What color is the dog?"))[0]?.text);
  expect(refused).toBe(1);
  expect(sent.map(({ withPhoto }) => withPhoto)).toEqual([false, true]);
});

test("suggests questions that fit the photo, and asks them", async ({ page }) => {
  await openPage(page);
  expect(await suggestions(page).count()).toBeGreaterThanOrEqual(5);
  // The first is the example's own.
  const other = suggestions(page).nth(2);
  const text = await other.innerText();
  await other.click();
  await expect(field(page)).toHaveValue(text);
  await expect(other).toHaveAttribute("aria-pressed", "true");
  await answered(page, "On the server");

  // A suggested question gives way to one that fits the next photo, and that brings its own suggestions.
  await fileInput(page).setInputFiles(jpeg("mine.jpg", await freshPhoto("suggestions")));
  await expect(field(page)).toHaveValue("What is in the picture?");
  await answered(page, "On the server");
  await expect(
    suggestions(page)
      .filter({ hasText: /dog|animal/ })
      .first(),
  ).toBeVisible();
});

test("takes back a suggestion, and brings back what was typed", async ({ page }) => {
  await openPage(page);
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toHaveCount(0);
  const first = await field(page).inputValue();
  await ask(page, "Is the grass wet?");
  const said = await answered(page, "On the server");
  await suggestions(page).nth(1).click();
  await suggestions(page).nth(2).click();
  await undo.click();
  await expect(field(page)).toHaveValue("Is the grass wet?");
  await expect.poll(async () => (await answers(page))[0]?.[0]).toBe(said);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("b");
  await expect(field(page)).toHaveValue(first);
  await expect(undo).toHaveCount(0);

  // With another photo a suggestion gives way, and there is nothing to bring back.
  await suggestions(page).nth(1).click();
  await expect(undo).toBeVisible();
  await fileInput(page).setInputFiles(CAT);
  await expect(field(page)).toHaveValue("What is in the picture?");
  await expect(undo).toHaveCount(0);
});

test("shows the answer without the photo, which words count, and those that it does not know", async ({ page }) => {
  await openPage(page);
  await ask(page, "How many glorptangles are there?");
  await answered(page, "On the server");
  const before = await answers(page, "Without the photo");
  expect(before).toHaveLength(5);
  const words = answer(page).getByRole("region", { name: /What each word is worth/ });
  await expect(words.getByRole("listitem")).toHaveCount(5);
  await expect(words.getByRole("listitem").filter({ hasText: "glorptangles" })).toContainText("not known");
  await expect(words.getByText("It does not know one of the words")).toBeVisible();

  // The language prior does not depend on the photo.
  await page.getByRole("button", { name: "A kitten with a ball of wool" }).click();
  await answered(page, "On the server");
  expect(await answers(page, "Without the photo")).toEqual(before);
});

test("says so where it cannot know", async ({ page }) => {
  await openPage(page);
  await ask(page, "qwxz vrrt");
  await answered(page, "On the server");
  await expect(answer(page).getByText("I know none of these words")).toBeVisible();
  for (const empty of ["", "   ", "?!…"]) {
    await field(page).fill(empty);
    await expect(page.getByText("A question needs a word.").first()).toBeVisible();
    await expect(answer(page)).toHaveCount(0);
  }
});

test("renders nothing of what is typed as markup", async ({ page }) => {
  test.slow();
  await openPage(page);
  await ask(page, `<img src=x onerror="window.hacked = true"> <b>dog</b>'; DROP TABLE photos; --`);
  await answered(page, "On the server");
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await expect(answer(page).locator("b, img")).toHaveCount(0);
  for (const odd of ["что это?", "مَا هَذَا؟", "😀 what?", "a", "x".repeat(10_000)]) {
    await ask(page, odd);
    await answered(page, "On the server");
    await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  }
  expect((await field(page).inputValue()).length).toBe(200);
});

test("shows where it looked, as strongly as one likes", async ({ page }) => {
  await openPage(page);
  const drawn = () =>
    photo(page)
      .locator("canvas")
      .evaluate((canvas: HTMLCanvasElement) =>
        canvas
          .getContext("2d")
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value > 0),
      );
  await expect(photo(page).getByText(/It looked at the /)).toBeVisible();
  expect(await drawn()).toBe(true);
  await page.getByRole("slider", { name: "Heat map" }).fill("0");
  expect(await drawn()).toBe(false);
});

test("says what is wrong with a bad file, and keeps working", async ({ page }) => {
  await openPage(page);
  const alert = page.getByRole("alert");
  const bad: [name: string, content: Buffer, sentence: RegExp][] = [
    ["text.jpg", Buffer.from("this is no photo"), /text, not an image/],
    ["empty.jpg", Buffer.alloc(0), /empty/],
    ["phone.heic", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), /HEIC/],
  ];
  for (const [name, buffer, sentence] of bad) {
    await fileInput(page).setInputFiles({ name, mimeType: "image/jpeg", buffer });
    await expect(alert.filter({ hasText: sentence })).toBeVisible();
    await expect(photo(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  }
  await fileInput(page).setInputFiles(CAT);
  await answered(page, "On the server");
  await expect(alert.filter({ hasText: /image/i })).toHaveCount(0);
});

test("works by keyboard alone", async ({ page }) => {
  // Playwright takes over the choice of files with the first listener, which a busy machine has to be given time for.
  page.on("filechooser", () => {});
  await openPage(page);
  await page.keyboard.press("/");
  await expect(field(page)).toBeFocused();
  // The whole question is selected: typing replaces it.
  await page.keyboard.type("What color is the grass?");
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveValue("What color is the grass?");
  await answered(page, "On the server");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "What it can answer" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(suggestions(page).first()).toBeFocused();
  const text = await suggestions(page).nth(1).innerText();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveValue(text);

  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("o");
  await (await chooser).setFiles(CAT);
  await expect(photo(page).getByRole("img", { name: "Your photo cat.webp" })).toBeVisible();
  await answered(page, "On the server");

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toContainText("Go to the question");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("lists what it can answer, to be searched", async ({ page }) => {
  await openPage(page);
  await page.getByRole("button", { name: "What it can answer" }).click();
  const dialog = page.getByRole("dialog", { name: "What it can answer" });
  const { answers: all } = await (await page.request.get("/api/vqa/vocabulary")).json();
  await expect(dialog.getByRole("listitem")).toHaveCount(all.length);
  await dialog.getByRole("searchbox").fill("dog");
  const found = all.filter((each: string) => each.includes("dog"));
  await expect(dialog.getByRole("listitem")).toHaveCount(found.length);
  expect(found.length).toBeGreaterThan(0);
  await dialog.getByRole("searchbox").fill("qqqq");
  await expect(dialog.getByText("It never answers that.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("opens a share link with its photo and question, and makes one", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPage(page, "?photo=cat&question=Is+there+a+ball%3F&runOn=server");
  await expect(photo(page).getByRole("img", { name: "A kitten with a ball of wool" })).toBeVisible();
  await expect(field(page)).toHaveValue("Is there a ball?");
  const best = await answered(page, "On the server");
  expect(best).toBe((await answersByApi(page, CAT, "Is there a ball?"))[0]?.text);
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe("?photo=cat&question=Is+there+a+ball%3F&runOn=server");

  await fileInput(page).setInputFiles(jpeg("mine.jpg", await freshPhoto("link")));
  await answered(page, "On the server");
  await page.getByRole("button", { name: /Copy a link|Copied/ }).click();
  const own = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(own).search).toBe("?question=Is+there+a+ball%3F&runOn=server");

  await page.getByRole("button", { name: "Copy the answer" }).click();
  const [top] = await answers(page);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(top?.[0]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON" }).click();
  const saved = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(saved).toMatchObject({
    photo: "mine.jpg",
    question: "Is there a ball?",
    answers: [{ text: top?.[0] }, {}, {}, {}, {}],
  });
});

test("keeps a history on the device that can be opened and removed", async ({ page }) => {
  await openPage(page);
  await ask(page, "What color is the dog?");
  const first = await answered(page, "On the server");
  await fileInput(page).setInputFiles(CAT);
  await ask(page, "What animal is this?");
  await answered(page, "On the server");
  await page.getByRole("tab", { name: "History" }).click();
  const list = page.getByRole("list", { name: "Earlier results" });
  // One that was kept while another photo was asked about has its place too.
  await expect(list.getByRole("listitem").filter({ hasText: "What animal is this?" })).toHaveCount(1);
  const kept = await list.getByRole("listitem").count();

  await openPage(page);
  await page.getByRole("tab", { name: "History" }).click();
  const title = `What color is the dog? ${first}`;
  await list.getByRole("button", { name: title, exact: true }).click();
  await expect(field(page)).toHaveValue("What color is the dog?");
  await expect(photo(page).getByRole("img", { name: "A German shepherd in grass" })).toBeVisible();
  expect((await answers(page))[0]?.[0]).toBe(first);
  await list.getByRole("button", { name: `Remove “${title}”` }).click();
  await expect(list.getByRole("listitem")).toHaveCount(kept - 1);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(list).toHaveCount(0);
});

test("says how to make the same call from a program", async ({ page, baseURL }) => {
  await openPage(page);
  await ask(page, "Where is the dog's ball?");
  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/vqa`);
    await expect(code).toContainText("shepherd.webp");
    await expect(code).toContainText(language === "curl" ? "dog'\\''s ball" : "Where is the dog's ball?");
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, keeps the main control under the thumb, and answers touch", async ({ page }) => {
    await openPage(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const box = await page.locator("label", { hasText: "Choose a photo" }).boundingBox();
    expect(box?.y).toBeGreaterThan(600);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    await suggestions(page).nth(1).tap();
    await answered(page, "On the server");
    await fileInput(page).setInputFiles(CAT);
    await ask(page, "What is this kitten doing with that very long ball of wool in the middle of the photo?");
    await answered(page, "On the server");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await ask(page, "How many glorptangles are there?");
    await answered(page, "On the server");
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("tabpanel", { name: "History" })).toContainText(/\w/);
    await page.getByRole("button", { name: "What it can answer" }).click();
    await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
