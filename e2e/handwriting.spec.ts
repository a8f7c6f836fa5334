import { expect, test } from "@playwright/test";
import sharp from "sharp";
import { violations } from "./fixtures/axe";
import {
  chooseHand,
  field,
  hands,
  ink,
  inkedPixels,
  openPage,
  picture,
  save,
  seedField,
  sheet,
  watch,
  write,
  writeOnPad,
  written,
} from "./fixtures/handwriting-page";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("writes a greeting at once, and then what one types", async ({ page }) => {
  await openPage(page);
  await written(page, "Type a line, and watch it being written.");
  await write(page, "Dear reader");
  await written(page, "Dear reader");
  await expect(page.getByRole("status").filter({ hasText: "Written: Dear reader" })).toHaveCount(1);
});

test("writes while one types, and asks for far less than every letter", async ({ page }) => {
  await openPage(page);
  const asked = watch(page);
  await field(page).fill("");
  await expect(page.getByText("There is nothing to write yet.")).toBeVisible();
  await field(page).pressSequentially("Letters come one by one", { delay: 60 });
  await written(page, "Letters come one by one");
  expect(asked.length).toBeLessThan(15);
  expect(asked.at(-1)?.text).toBe("Letters come one by one");
});

test("writes many lines", async ({ page }) => {
  await openPage(page);
  await write(page, "One line");
  await written(page, "One line");
  const height = async () => (await ink(page).boundingBox())?.height ?? 0;
  const one = await height();
  await write(page, "One line\nand another\nand a third\n\nand a last");
  await expect.poll(height).toBeGreaterThan(1.5 * one);
});

test("draws the same picture of the same seed, and another of another", async ({ page }) => {
  await openPage(page, "?text=The+same+again&seed=7");
  await written(page, "The same again");
  await expect(seedField(page)).toHaveValue("7");
  const first = await picture(page);
  await page.getByRole("button", { name: "Write it differently" }).click();
  await expect(seedField(page)).not.toHaveValue("7");
  await expect.poll(() => picture(page)).not.toBe(first);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(seedField(page)).toHaveValue("7");
  await expect.poll(() => picture(page)).toBe(first);

  await openPage(page, "?text=The+same+again&seed=7");
  await written(page, "The same again");
  expect(await picture(page)).toBe(first);
});

test("changes how it looks without asking again", async ({ page }) => {
  await openPage(page, "?text=Only+the+look&seed=3");
  await written(page, "Only the look");
  const asked = watch(page);
  const thin = await inkedPixels(page);
  await page.getByRole("slider", { name: "Stroke width" }).fill("4");
  await expect.poll(() => inkedPixels(page)).toBeGreaterThan(1.3 * thin);
  const black = await picture(page);
  await page.getByTitle("Blue").click();
  await expect.poll(() => picture(page)).not.toBe(black);
  const ground = () =>
    ink(page).evaluate((canvas) => getComputedStyle(canvas.parentElement as Element).backgroundColor);
  const plain = await ground();
  await page.getByRole("radio", { name: "Dark" }).check();
  expect(await ground()).not.toBe(plain);
  await page.getByRole("radio", { name: "Ruled" }).check();
  expect(asked).toEqual([]);

  await page.getByRole("slider", { name: "Legibility" }).fill("2");
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]).toMatchObject({ bias: 2, seed: 3 });
});

test("shows the hands, and writes in the chosen one", async ({ page }) => {
  await openPage(page, "?text=In+another+hand&seed=3");
  await written(page, "In another hand");
  const { styles } = await (await page.request.get("/api/handwriting/styles")).json();
  expect(styles.length).toBeGreaterThanOrEqual(10);
  await expect(hands(page).getByRole("radio")).toHaveCount(styles.length + 1);
  await expect(hands(page).getByRole("radio").first()).toBeChecked();
  const first = await picture(page);
  const asked = watch(page);
  await chooseHand(page, styles[1].name);
  await expect.poll(() => picture(page)).not.toBe(first);
  await chooseHand(page, "Nobody’s");
  await expect.poll(() => asked.map(({ style }) => style)).toEqual([styles[1].id, null]);
});

test("goes on in one's own hand, which stays on the device until it is removed", async ({ page }) => {
  await openPage(page, "?text=My+own&seed=3");
  await written(page, "My own");
  await page.getByRole("button", { name: "Your own hand" }).click();
  const dialog = page.getByRole("dialog", { name: "Your own hand" });
  const use = dialog.getByRole("button", { name: "Write in this hand" });
  await expect(use).toBeDisabled();
  await writeOnPad(page);
  await expect(dialog.getByText("3 strokes", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Undo a stroke" }).click();
  await expect(dialog.getByText("2 strokes", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Clear" }).click();
  await expect(use).toBeDisabled();
  await writeOnPad(page);

  const asked = watch(page);
  await use.click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => asked.length).toBe(1);
  const prime = asked[0]?.prime as { text?: string; strokes: number[][][] };
  expect(prime.strokes).toHaveLength(3);
  expect(prime.text).toBeUndefined();
  expect("style" in (asked[0] ?? {})).toBe(false);
  await expect(sheet(page)).toHaveAttribute("aria-busy", "false");

  // What was read can be corrected, and is then sent with the ink.
  const sample = page.getByRole("textbox", { name: "It reads your sample as" });
  await sample.fill("mmm");
  await page.getByRole("button", { name: "Correct it" }).click();
  await expect.poll(() => (asked.at(-1)?.prime as { text?: string } | undefined)?.text).toBe("mmm");

  await openPage(page, "?text=My+own&seed=3");
  await chooseHand(page, "Yours");
  await expect(page.getByRole("textbox", { name: "Your sample says" })).toHaveValue("mmm");
  const remove = page.getByRole("button", { name: "Remove it" });
  const yours = hands(page).getByRole("radio", { name: "Yours" });
  await remove.click();
  await expect(yours).toHaveCount(0);
  await expect(page.getByText("Your sample is removed. “Undo” under the text brings it back.")).toBeVisible();
  await page.keyboard.press("b");
  await expect(yours).toBeChecked();

  // It comes back to the device, even where it is written in another hand.
  await openPage(page);
  await expect(yours).not.toBeChecked();
  await remove.click();
  await expect(yours).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(yours).not.toBeChecked();
  await openPage(page);
  await remove.click();
  await expect(yours).toHaveCount(0);
  await openPage(page);
  await expect(page.getByRole("button", { name: "Your own hand" })).toBeVisible();
});

test("names what it cannot write, and replaces it", async ({ page }) => {
  await openPage(page);
  await write(page, "Café “Ω” – 5 €");
  await written(page, 'Cafe "" - 5 EUR');
  const note = page.getByRole("status").filter({ hasText: "It never learned these characters" });
  await expect(note.getByRole("listitem")).toHaveCount(6);
  await expect(note.getByRole("listitem").filter({ hasText: "é" })).toContainText("as e");
  await expect(note.getByRole("listitem").filter({ hasText: "Ω" })).toContainText("is left out");
  await note.getByRole("button", { name: "Replace all" }).click();
  await expect(field(page)).toHaveValue('Cafe "" - 5 EUR');
  await expect(note).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page)).toHaveValue("Café “Ω” – 5 €");
});

test("takes nothing that is typed for markup, and no more than it can write", async ({ page }) => {
  await openPage(page);
  const markup = `<img src=x onerror="window.hacked = true"> <b>x</b>`;
  await write(page, markup);
  await written(page, markup);
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await write(page, "x ".repeat(600));
  expect((await field(page).inputValue()).length).toBe(500);
  await write(page, "a\n".repeat(40));
  expect((await field(page).inputValue()).split("\n").length).toBeLessThanOrEqual(20);
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
});

test("hands out pictures, films and a plotter's program", async ({ page }) => {
  test.slow();
  await openPage(page, "?text=To+take+away&seed=5&speed=8");
  await written(page, "To take away");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  const svg = await save(page, () => button("SVG").click());
  expect(svg.download.suggestedFilename()).toBe("to-take-away.svg");
  const animated = await save(page, () => button("Animated SVG").click());
  const parse = (text: string) =>
    page.evaluate((source) => {
      const { documentElement } = new DOMParser().parseFromString(source, "image/svg+xml");
      return { name: documentElement.nodeName, paths: documentElement.querySelectorAll("path").length };
    }, text);
  const still = await parse(svg.content.toString());
  expect(still).toMatchObject({ name: "svg" });
  expect(still.paths).toBeGreaterThan(2);
  expect(await parse(animated.content.toString())).toEqual(still);

  const png = await save(page, () => button("PNG").click());
  const { channels } = await sharp(png.content).stats();
  expect((await sharp(png.content).metadata()).width).toBeGreaterThan(2000);
  // Transparent where there is no ink, opaque where there is.
  expect([channels[3]?.min, channels[3]?.max]).toEqual([0, 255]);

  await page.getByRole("spinbutton", { name: "Width, mm" }).fill("80");
  await page.getByRole("spinbutton", { name: "Feed, mm a minute" }).fill("900");
  const gcode = await save(page, () => button("G-code").click());
  const code = gcode.content.toString();
  const places = [...code.matchAll(/X(\S+) Y(\S+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(places.length).toBeGreaterThan(50);
  expect(Math.min(...places.flat())).toBe(0);
  expect(Math.max(...places.map(([x]) => x))).toBeCloseTo(80, 1);
  expect(Math.max(...places.map(([, y]) => y))).toBeLessThan(80);
  expect(code).toContain("F900");

  const film = await save(page, () => page.getByRole("button", { name: /^Film/ }).click());
  expect(film.download.suggestedFilename()).toBe("to-take-away.webm");
  // Matroska's first bytes.
  expect(film.content.subarray(0, 4).toString("hex")).toBe("1a45dfa3");
});

test("opens a share link, and makes one", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const query = "?text=A+link%0Aof+two+lines&seed=11&style=none&bias=1.5&lineWidth=30&paper=ruled&runOn=server";
  await openPage(page, query);
  await written(page, "A link\nof two lines");
  await expect(field(page)).toHaveValue("A link\nof two lines");
  await expect(hands(page).getByRole("radio", { name: "Nobody’s" })).toBeChecked();
  await page.getByRole("button", { name: "Copy a link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe(query);
});

test("moves the pen where motion is wanted, and shows where it is", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await openPage(page, "?text=Slowly%2C+slowly+goes+the+pen+along+its+line&seed=5&speed=1");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  // Until all of the line is known its picture may still change its size.
  await expect(sheet(page)).toHaveAttribute("aria-busy", "false");
  await expect.poll(() => inkedPixels(page)).toBeGreaterThan(50);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Go on" })).toBeVisible();
  const early = await inkedPixels(page);
  await page.waitForTimeout(300);
  expect(await inkedPixels(page)).toBe(early);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(() => inkedPixels(page)).toBeGreaterThan(1.2 * early);
  const way = page.getByRole("slider", { name: "The pen’s way" });
  await way.fill("0");
  const start = await inkedPixels(page);
  await way.fill("400");
  expect(await inkedPixels(page)).toBeGreaterThan(5 * start);
});

test("draws all at once where motion is not wanted", async ({ page }) => {
  await openPage(page, "?text=All+at+once&seed=5&speed=0.5");
  await written(page, "All at once");
  const all = await picture(page);
  await page.waitForTimeout(500);
  expect(await picture(page)).toBe(all);
  await expect(page.getByRole("button", { name: /Replay|Pause/ })).toHaveCount(0);
  await expect(page.getByText("asks for reduced motion")).toBeVisible();
});

test("works by keyboard alone", async ({ page }) => {
  await openPage(page, "?text=First&seed=5");
  await written(page, "First");
  await page.keyboard.press("/");
  await expect(field(page)).toBeFocused();
  // The whole text is selected: typing replaces it.
  await page.keyboard.type("By keys");
  await written(page, "By keys");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("n");
  await expect(seedField(page)).not.toHaveValue("5");
  await page.keyboard.press("b");
  await expect(seedField(page)).toHaveValue("5");
  await hands(page).getByRole("radio").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(hands(page).getByRole("radio").nth(1)).toBeChecked();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toContainText("Write it anew, differently");
  await expect(help).not.toContainText("photo");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("stops, says what is wrong, and goes on", async ({ page }) => {
  await openPage(page);
  await written(page, "Type a line, and watch it being written.");
  const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/handwriting"));
  await page.route("**/api/handwriting", () => {
    // Never answered: only the visitor ends it.
  });
  await write(page, "Never");
  await expect(page.getByText("Writing on the server…").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Stopped.", { exact: true }).first()).toBeVisible();
  expect((await ended).failure()?.errorText).toContain("ABORTED");
  await page.unroute("**/api/handwriting");

  const problem = { code: "overloaded", detail: "The server has its hands full.", suggestion: "Wait a moment." };
  await page.route("**/api/handwriting", (route) => route.fulfill({ status: 503, json: problem }));
  await page.getByRole("button", { name: "Write it", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: problem.detail })).toBeVisible();
  await page.unroute("**/api/handwriting");
  await page.getByRole("button", { name: "Try again" }).click();
  await written(page, "Never");
});

test("keeps a history on the device, and says how to call it from a program", async ({ page, baseURL }) => {
  await openPage(page, "?seed=9");
  await write(page, "To be kept");
  await written(page, "To be kept");
  const first = await picture(page);
  await page.getByRole("tab", { name: "History" }).click();
  const list = page.getByRole("list", { name: "Earlier results" });
  await expect(list.getByRole("button", { name: "To be kept", exact: true })).toBeVisible();
  await openPage(page);
  await page.getByRole("tab", { name: "History" }).click();
  await list.getByRole("button", { name: "To be kept", exact: true }).click();
  await expect(field(page)).toHaveValue("To be kept");
  await expect.poll(() => picture(page)).toBe(first);

  await page.getByRole("tab", { name: "From a program" }).click();
  for (const language of ["curl", "Python", "TypeScript", "HTML"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("tabpanel", { name: language });
    await expect(code).toContainText(`${baseURL}/api/handwriting`);
    await expect(code).toContainText(/seed\W+9/);
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("fits, and keeps the main control under the thumb", async ({ page }) => {
    await openPage(page);
    await expect.poll(() => inkedPixels(page)).toBeGreaterThan(100);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const main = page.getByRole("button", { name: "Write it differently" });
    const box = await main.boundingBox();
    expect(box?.y).toBeGreaterThan(600);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    const before = await picture(page);
    await main.tap();
    await expect.poll(() => picture(page)).not.toBe(before);
    await page.getByRole("button", { name: "Your own hand" }).tap();
    await expect(page.getByRole("dialog", { name: "Your own hand" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openPage(page);
    await write(page, "Café “so”");
    await written(page, 'Cafe "so"');
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await expect(page.getByRole("button", { name: "G-code" })).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
    await page.getByRole("radio", { name: "Dark" }).check();
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("tabpanel", { name: "History" })).toContainText(/\w/);
    await page.getByRole("button", { name: "Your own hand" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page, colorScheme)).toEqual([]);
  });
}
