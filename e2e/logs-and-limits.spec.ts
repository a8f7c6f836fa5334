import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { withOwnServer } from "./fixtures/own-server";
import { freshPhoto } from "./fixtures/photos";

/** In photos, questions and texts that are sent; no log line may hold it. */
const MARKER = "quokka7291";

/** A server of its own, with everything that it writes in a file. */
async function withOutput(
  path: string,
  env: Record<string, string>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const file = await open(path, "w");
  try {
    await withOwnServer(({ url }) => use(url), env, ["ignore", file.fd, file.fd]);
  } finally {
    await file.close();
  }
}

async function send(url: string, photo: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  const body = new FormData();
  body.set("image", new Blob([new Uint8Array(photo), MARKER]), `${MARKER}.jpg`);
  body.set("question", `What is ${MARKER}?`);
  return await fetch(`${url}/api/vqa`, { method: "POST", body, headers });
}

const ask = (url: string, text: string, accept = "application/json") =>
  fetch(`${url}/api/handwriting`, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ text, seed: 7 }),
  });

test("logs each request as a line of JSON, and nothing of what was sent", async () => {
  test.setTimeout(300_000);
  const folder = await mkdtemp(join(tmpdir(), "inkling-log-"));
  const path = join(folder, "log");
  try {
    const photo = await freshPhoto("logged");
    await withOutput(path, { LOG_LEVEL: "trace" }, async (url) => {
      expect((await send(url, photo, { "x-request-id": "seven" })).status).toBe(200);
      expect((await send(url, photo.subarray(0, 500))).status).toBe(422);
      expect((await ask(url, MARKER)).status).toBe(200);
      expect(await (await ask(url, MARKER, "application/x-ndjson")).text()).toContain('"type":"result"');
      expect((await ask(url, `${MARKER} 漢`)).status).toBe(422);
      expect((await fetch(`${url}/api/handwriting?text=${MARKER}&strokeWidth=wide`)).status).toBe(400);
      expect((await fetch(`${url}/vqa?question=${MARKER}`)).status).toBe(200);
      expect((await fetch(`${url}/models/${MARKER}`)).status).toBe(404);
      expect((await fetch(`${url}/${MARKER}`, { method: "POST", headers: { "next-action": MARKER } })).status).toBe(
        405,
      );
    });
    const log = await readFile(path, "utf8");
    expect(log).not.toContain(MARKER);
    const lines = log.split("\n").filter((line) => line.startsWith("{"));
    const [first] = lines.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === "seven");
    expect(first).toMatchObject({ level: 30, route: "/api/vqa", method: "POST", status: 200 });
    expect(first.ms).toBeGreaterThanOrEqual(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("limits a client that says it is others, and tells those behind a trusted proxy apart", async () => {
  test.setTimeout(300_000);
  const limit = { RATE_LIMIT_PER_MINUTE: "1", RATE_LIMIT_BURST: "2" };
  const get = async (url: string, headers: Record<string, string>) =>
    (await fetch(`${url}/api/handwriting?text=Ink`, { headers })).status;
  await withOutput("/dev/null", limit, async (url) => {
    const statuses = [];
    for (const address of ["1.1.1.1", "2.2.2.2", "3.3.3.3"]) {
      statuses.push(await get(url, { "x-forwarded-for": address, "x-inkling-peer": address }));
    }
    expect(statuses).toEqual([200, 200, 429]);
    // What runs no model is not counted.
    for (let index = 0; index < 10; index++) expect((await fetch(`${url}/api/health/live`)).status).toBe(200);
  });
  await withOutput("/dev/null", { ...limit, TRUSTED_PROXIES: "127.0.0.1" }, async (url) => {
    const statuses = [];
    for (const address of ["1.1.1.1", "1.1.1.1", "1.1.1.1", "2.2.2.2", "9.9.9.9, 1.1.1.1"]) {
      statuses.push(await get(url, { "x-forwarded-for": address }));
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429]);
  });
});
