import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { fuzz } from "../scripts/fuzz/fuzz.mjs";
import { readCalls, toRequest } from "../scripts/fuzz/inference.mjs";
import { readPaths } from "../scripts/fuzz/paths.mjs";

interface Kept {
  readonly seed: number;
  readonly requests: number;
  /** What these requests found once. */
  readonly found: string;
}

test("answers what is to be spoiled", async ({ request }) => {
  for (const path of await readPaths()) expect((await request.get(path)).status(), path).toBe(200);
  for (const call of await readCalls()) {
    for (const asBytes of [false, true]) {
      const { method, path, headers, body: data } = toRequest(call, asBytes);
      expect((await request.fetch(path, { method, headers, data })).status(), call.model).toBe(200);
    }
  }
});

test("answers spoiled requests without a failure of its own", async ({ baseURL, request }) => {
  test.setTimeout(600_000);
  const kept: Kept[] = JSON.parse(await readFile("scripts/fuzz/seeds.json", "utf8"));
  expect(kept.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThanOrEqual(1000);
  const totals: Record<string, number> = {};
  for (const { seed, requests, found } of kept) {
    const { faults, statuses, connections } = await fuzz(baseURL as string, { seed, requests });
    expect(faults, found).toEqual([]);
    // No address in a request is fetched by the server.
    expect(connections).toBe(0);
    for (const [status, count] of Object.entries(statuses)) totals[status] = (totals[status] ?? 0) + count;
  }
  // They are not all refused at the door.
  expect(totals[200]).toBeGreaterThan(100);
  for (const status of [400, 404, 405, 415, 422]) expect(totals[status], String(status)).toBeGreaterThan(0);
  expect((await request.get("/api/health/ready")).status()).toBe(200);
});
