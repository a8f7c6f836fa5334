import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { PAGES } from "@/lib/ui/pages";

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

const palette = (page: Page) => page.getByRole("dialog", { name: "Commands" });
const options = (page: Page) => palette(page).getByRole("option");

/** The button says that the page listens to keys. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
}

test("goes to a page by a part of its name", async ({ page }) => {
  await open(page, "/");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
  expect((await new AxeBuilder({ page }).include("[role=dialog]").analyze()).violations).toEqual([]);
  await page.keyboard.type("stora");
  await expect(options(page)).toHaveText([/^Storage/]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Storage" })).toBeVisible();
  await expect(palette(page)).toBeHidden();
});

test("does what the page offers, and what every page offers", async ({ page }) => {
  await open(page, "/handwriting?text=Here&seed=7");
  await options(page).filter({ hasText: "Write it differently" }).click();
  await expect(page.getByRole("spinbutton", { name: "Seed" })).not.toHaveValue("7");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Theme: Dark/ })).toBeVisible();

  await page.getByRole("button", { name: "Commands" }).click();
  await palette(page).getByRole("combobox").fill("no command is called this");
  await expect(palette(page).getByText("There is nothing of that name.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
});

test("helps with the keyboard on every page", async ({ page }) => {
  for (const path of ["/models", "/captioning"]) {
    await page.goto(path, { waitUntil: "networkidle" });
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard" });
    await expect(help.getByText("Ctrl K")).toBeVisible();
    await expect(help.getByText("Open the camera")).toHaveCount(path === "/models" ? 0 : 1);
    await expect(help).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
  }
});

/** Keys as the help writes them, where `aria-keyshortcuts` has other names for them. */
const WRITTEN: Readonly<Record<string, string>> = { Control: "Ctrl", Escape: "Esc" };

/** "Control+K" as "Ctrl K", and "n" as "N". */
function written(shortcut: string): string {
  const keys = shortcut.split("+").map((key) => WRITTEN[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  return keys.join(" ");
}

test("names in the help every key that a control of the page says it has", async ({ page }) => {
  test.slow();
  const help = page.getByRole("dialog", { name: "Keyboard" });
  for (const { path } of PAGES) {
    await page.goto(path, { waitUntil: "networkidle" });
    // What takes a change back comes with the change.
    for (const field of await page.locator('[aria-keyshortcuts="/"]').all()) await field.fill("1");
    await page.getByRole("heading", { level: 1 }).click();
    const values = await page
      .locator("[aria-keyshortcuts]")
      .evaluateAll((controls) => controls.map((control) => control.getAttribute("aria-keyshortcuts") as string));
    // A value is a list; a Mac's own keys are told beside those of other systems.
    const shortcuts = values.flatMap((value) => value.split(" ")).filter((shortcut) => !shortcut.startsWith("Meta+"));
    expect(shortcuts, path).toContain("Control+K");
    await page.keyboard.press("?");
    await expect(help, path).toContainText("⌘ K");
    const named = await help.locator("kbd").allTextContents();
    expect(named, path).toEqual(expect.arrayContaining(shortcuts.map(written)));
    // Where there are words to go along.
    expect(named.includes("Home End"), path).toBe(["/", "/captioning", "/translation", "/language"].includes(path));
  }
});

test("fades from page to page, and not under reduced motion", async ({ page }) => {
  const animated = () =>
    page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          const start = document.startViewTransition.bind(document);
          document.startViewTransition = (update) => {
            const transition = start(update);
            void transition.ready.then(() => {
              // React itself has others, of no duration.
              const running = document
                .getAnimations()
                .filter((each) => each instanceof CSSAnimation && (each.effect as KeyframeEffect).pseudoElement);
              resolve(running.length > 0);
            });
            return transition;
          };
          document.querySelector<HTMLElement>('nav a[href="/models"]')?.click();
        }),
    );
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.goto("/storage", { waitUntil: "networkidle" });
    expect(await animated()).toBe(reducedMotion === "no-preference");
    await expect(page.getByRole("heading", { level: 1, name: "Models" })).toBeVisible();
  }
});

test("prints the sheet alone, dark on white, whatever the theme is", async ({ page }) => {
  await page.emulateMedia({ media: "print", colorScheme: "dark", reducedMotion: "reduce" });
  await page.goto("/handwriting?text=On+paper&seed=7");
  const sheet = page.getByRole("img", { name: "Handwriting: On paper" });
  await expect(sheet).toBeVisible();
  for (const role of ["banner", "contentinfo", "textbox", "button"] as const) {
    for (const element of await page.getByRole(role).all()) await expect(element).toBeHidden();
  }
  expect(await sheet.evaluate((canvas) => getComputedStyle(canvas).filter)).toBe("brightness(0)");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("light");
});

test("says what to do at an address that is none", async ({ page }) => {
  const response = await page.goto("/no-such-page");
  expect(response?.status()).toBe(404);
  await page.getByRole("main").getByRole("link", { name: "Handwriting" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Handwriting" })).toBeVisible();
});

test("says what to do when a page stops working", async ({ page }) => {
  await page.goto("/captioning", { waitUntil: "networkidle" });
  // A part of the page that comes when it is asked for does not come.
  await page.route("**/_next/static/chunks/*.js", (route) => route.abort());
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This page stopped working" })).toBeVisible();
  await page.unroute("**/_next/static/chunks/*.js");
  await page.getByRole("button", { name: "Open it again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Captioning" })).toBeVisible();
});
