import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@playwright/test";
import { OFFLINE_PATH, PAGES } from "../lib/ui/pages";
import * as captioning from "./fixtures/captioning-page";
import * as handwriting from "./fixtures/handwriting-page";
import { CAT, freshPhoto, jpeg } from "./fixtures/photos";
import { watchViolations } from "./fixtures/violations";
import * as vqa from "./fixtures/vqa-page";

const PATHS = [...PAGES.map(({ path }) => path), OFFLINE_PATH];

test("tells browsers on every page what it may do, and allows no inline script as such", async ({ request }) => {
  for (const path of [...PATHS, "/no-such-page"]) {
    const headers = (await request.get(path)).headers();
    const policy = headers["content-security-policy"] ?? "";
    const directives = new Map(
      policy.split("; ").map((directive) => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources];
      }),
    );
    const scripts = directives.get("script-src") ?? [];
    expect(scripts, path).toContain("'wasm-unsafe-eval'");
    expect(scripts, path).not.toContain("'unsafe-inline'");
    expect(scripts, path).not.toContain("'unsafe-eval'");
    expect(directives.get("style-src"), path).toEqual(["'self'"]);
    expect(policy).not.toContain("*");
    expect(directives.get("default-src")).toEqual(["'none'"]);
    expect(directives.get("object-src")).toEqual(["'none'"]);
    expect(directives.get("base-uri")).toEqual(["'none'"]);
    expect(directives.get("frame-ancestors")).toEqual(["'none'"]);
    expect(directives.get("connect-src")).toContain("https:");
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
    expect(headers["permissions-policy"]?.split(", ").sort(), path).toEqual([
      "browsing-topics=()",
      "camera=(self)",
      "geolocation=()",
      "microphone=()",
      "payment=()",
      "usb=()",
    ]);
    expect(headers["x-powered-by"]).toBeUndefined();
  }
  // A page that is the same for everybody can be kept by caches: it has hashes and no nonce.
  expect((await request.get("/")).headers()["content-security-policy"]).not.toContain("nonce-");
  const nonces = [await request.get("/vqa"), await request.get("/vqa")].map(
    (response) => /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1],
  );
  expect(nonces[0]).toMatch(/^[\w+/]{22}==$/);
  expect(nonces[0]).not.toBe(nonces[1]);
});

test("lets the API's answers run and load nothing, and other sites embed handwriting alone", async ({ request }) => {
  for (const path of ["/api/health/live", "/api/nothing", "/api/handwriting?text=Ink&seed=7", "/v2/nothing"]) {
    const headers = (await request.get(path)).headers();
    expect(headers["content-security-policy"], path).toBe("default-src 'none'; sandbox");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    const embeddable = path.startsWith("/api/handwriting?");
    expect(headers["cross-origin-resource-policy"]).toBe(embeddable ? "cross-origin" : "same-origin");
  }
});

test("refuses nothing of its own on any page, in light and dark", async ({ page }) => {
  test.setTimeout(300_000);
  const violations = await watchViolations(page);
  for (const path of PATHS) {
    await page.goto(path, { waitUntil: "networkidle" });
    await page.getByRole("button", { name: /^Theme: / }).click();
    expect(violations, path).toEqual([]);
  }
});

test("captions under its policy, on the server, from an address and on the device", async ({ page }) => {
  test.slow();
  const violations = await watchViolations(page);
  await captioning.openPage(page);
  await captioning.fileInput(page).setInputFiles(jpeg("photo.jpg", await freshPhoto("policy")));
  await captioning.answered(page, "On the server");
  // Another site that lets everybody have its photos.
  await page.route("https://photos.test/cat.webp", async (route) =>
    route.fulfill({
      body: await readFile(CAT),
      headers: { "access-control-allow-origin": "*", "content-type": "image/webp" },
    }),
  );
  await page.getByRole("button", { name: "give its address" }).click();
  await page.getByRole("textbox", { name: "Address of a photo" }).fill("https://photos.test/cat.webp");
  await page.getByRole("button", { name: "Fetch" }).click();
  await captioning.answered(page, "On the server");
  await page.getByRole("button", { name: /^Run on this device/ }).click();
  await captioning.answered(page, "On this device");
  expect(violations).toEqual([]);
});

test("answers and writes under its policy", async ({ page }) => {
  test.slow();
  const violations = await watchViolations(page);
  await vqa.openPage(page);
  await vqa.ask(page, "How many dogs are there?");
  await handwriting.openPage(page);
  await handwriting.write(page, "Within the policy");
  await handwriting.written(page, "Within the policy");
  expect(violations).toEqual([]);
});

test("runs no script that somebody has put into the page", async ({ page }) => {
  const violations = await watchViolations(page);
  for (const path of ["/", "/captioning"]) {
    await page.route(path, async (route) => {
      const response = await route.fetch();
      const injected = "<script>document.documentElement.dataset.injected='script'</script>";
      const handler = `<img src="/icon.svg" alt="" onload="document.documentElement.dataset.injected='handler'">`;
      const body = (await response.text()).replace("<body", `${injected}<body`).replace("</main>", `${handler}</main>`);
      await route.fulfill({ response, body });
    });
    violations.length = 0;
    await page.goto(path, { waitUntil: "networkidle" });
    expect(await page.evaluate(() => document.documentElement.dataset.injected)).toBeUndefined();
    for (const directive of ["script-src-elem", "script-src-attr"]) {
      expect(violations.join("\n")).toContain(`${path} ${directive} refused inline`);
    }
    await page.unroute(path);
  }
});

test("fetches no address that a request holds", async ({ request }) => {
  let connections = 0;
  const canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/photo.jpg`;
    const file = (name: string, mimeType: string, content: string) => ({
      name,
      mimeType,
      buffer: Buffer.from(content),
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><image href="${address}"/></svg>`;
    const forms: Record<string, string | ReturnType<typeof file>>[] = [
      { image: address },
      { url: address, imageUrl: address },
      { imageSha256: address, question: address },
      { image: file("photo.svg", "image/svg+xml", svg), question: address },
      { image: file(address, "text/plain", address), question: address },
    ];
    for (const path of ["/api/captioning", "/api/vqa"]) {
      for (const multipart of forms) expect((await request.post(path, { multipart })).status()).toBeLessThan(500);
    }
    const query = encodeURIComponent(address);
    for (const data of [{ text: address }, { text: "Ink", style: address }, { prime: address }, { url: address }]) {
      expect((await request.post("/api/handwriting", { data })).status()).toBeLessThan(500);
    }
    for (const path of [
      `/_next/image?url=${query}&w=640&q=60`,
      `/_next/image?url=${encodeURIComponent(`//${address.slice("http://".length)}`)}&w=640&q=60`,
      `/api/handwriting?text=Ink&color=${query}`,
      `/api/models/files/${query}`,
      `/captioning?photo=${query}`,
      `/${address}`,
    ]) {
      const headers = { "x-forwarded-host": new URL(address).host, "x-forwarded-proto": "http", referer: address };
      expect((await request.get(path, { headers, maxRedirects: 0 })).status(), path).toBeLessThan(500);
    }
    expect(connections).toBe(0);
  } finally {
    canary.close();
  }
});
