/** What clients notice when a worker is ended from outside in the midst of their requests: as little as possible. */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { planDeaths } from "@/lib/server/fixtures/worker-deaths.mjs";
import { ask, expectEvents } from "./handwriting/fixtures/requests";

const TEXT = "a long line of many words ".repeat(4);

let server: TinyServer;
let logged: MockInstance;

beforeEach(async () => {
  // Without a cache, so that a photo is encoded each time.
  server = await startTinyServer({ REGION_CACHE_MIB: "0" });
  const { getLog } = await import("@/lib/http/log");
  logged = vi.spyOn(getLog(), "error");
});

afterEach(async () => {
  planDeaths({});
  await server.stop();
});

async function caption() {
  const { POST } = await import("./captioning/route");
  const init = { method: "POST", body: await jpeg(99, 99), headers: { "content-type": "image/jpeg" } };
  const response = await POST(new Request("http://localhost/api/captioning", init), {});
  expect(response.status).toBe(200);
  return (await response.json()).captions;
}

/** A text as it is streamed, without what differs each time. */
async function stream(seed = 0) {
  const events = await expectEvents(await ask({ text: TEXT, seed }, { accept: "application/x-ndjson" }));
  return events.map((event) => (event.type === "result" ? { ...event, timings: undefined } : event));
}

async function restarts(): Promise<number> {
  const { GET } = await import("./metrics/route");
  const text = await (await GET(new Request("http://localhost/api/metrics"), {})).text();
  return Number(text.match(/^inkling_worker_restarts_total (\d+)$/m)?.[1]);
}

/** Expects that workers have died while they had this many runs. */
async function expectDeaths(...runs: number[]) {
  expect(await restarts()).toBe(runs.length);
  const deaths = logged.mock.calls.filter(([, message]) => /A worker died/.test(message));
  expect(deaths.map(([{ runs: each }]) => each)).toEqual(runs);
}

describe("a worker that dies in the midst of a request", () => {
  it.each(["vision.encode", "captioning.generate"])("costs a caption no more than time: %s", async (task) => {
    const undisturbed = await caption();
    planDeaths({ [task]: [1] });
    expect(await caption()).toEqual(undisturbed);
    await expectDeaths(1);
  });

  it("leaves a stream of handwriting as it would have been, to the last bit", async () => {
    const undisturbed = await stream();
    expect(undisturbed.at(-1)).toMatchObject({ type: "result" });
    planDeaths({ "handwriting.chunk": [3] });
    expect(await stream()).toEqual(undisturbed);
    await expectDeaths(1);
  });

  it("takes nothing from whoever is served beside it", async () => {
    const undisturbed = [await stream(1), await stream(2), await caption()];
    planDeaths({ "handwriting.chunk": [3] });
    expect(await Promise.all([stream(1), stream(2), caption()])).toEqual(undisturbed);
    await expectDeaths(expect.any(Number));
  });

  it("ends a stream with a problem where the next one dies over it too, and the request after it is answered", async () => {
    const undisturbed = await stream();
    // The third chunk, and the same once more.
    planDeaths({ "handwriting.chunk": [3, 4] });
    const cut = await stream();
    const end = cut.pop();
    expect(end).toMatchObject({ type: "error", code: "internal", status: 500, suggestion: "Try again." });
    expect(cut.length).toBeGreaterThan(0);
    expect(cut).toEqual(undisturbed.slice(0, cut.length));
    expect(await stream()).toEqual(undisturbed);
    await expectDeaths(1, 1);
  });
});
