import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, describe, expect, it, vi } from "vitest";
import { form, jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";

let server: TinyServer;

afterEach(() => server.stop());

async function start(environment: Readonly<Record<string, string>> = {}, present = TINY_SERVER_MODELS) {
  server = await startTinyServer(environment, present);
  const [captioning, vqa, live, ready, models, metrics, unknown] = await Promise.all([
    import("./captioning/route"),
    import("./vqa/route"),
    import("./health/live/route"),
    import("./health/ready/route"),
    import("./models/route"),
    import("./metrics/route"),
    import("./[[...path]]/route"),
  ]);
  return { captioning, vqa, live, ready, models, metrics, unknown };
}

const get = (route: { GET: (request: Request, context: unknown) => Promise<Response> }, path = "/") =>
  route.GET(new Request(`http://localhost${path}`), {});

async function caption(
  route: typeof import("./captioning/route"),
  seed = 0,
  headers: Readonly<Record<string, string>> = {},
  query = "",
): Promise<Response> {
  const background = { r: (seed * 53) % 256, g: (seed * 101) % 256, b: (seed * 197) % 256 };
  const body = new Uint8Array(
    await sharp({ create: { width: 99, height: 99, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  const init = { method: "POST", body, headers: { "content-type": "image/png", ...headers } };
  return route.POST(new Request(`http://localhost/api/captioning${query}`, init), {});
}

/** Asks a question about a photo. */
async function askAbout(route: typeof import("./vqa/route"), seed = 1): Promise<Response> {
  const body = form([
    ["image", await jpeg(64, 64, seed)],
    ["question", "how many dogs"],
  ]);
  return route.POST(new Request("http://localhost/api/vqa", { method: "POST", body }), {});
}

/** Asks a question about a photo that was sent before. */
function ask(route: typeof import("./vqa/route"), imageSha256: string, question = "how many dogs"): Promise<Response> {
  const body = new FormData();
  body.set("imageSha256", imageSha256);
  body.set("question", question);
  return route.POST(new Request("http://localhost/api/vqa", { method: "POST", body }), {});
}

/** Asks until the models are loaded. */
async function untilReady(route: typeof import("./health/ready/route")): Promise<Response> {
  for (;;) {
    const response = await get(route);
    if (response.ok) return response;
    expect(response.status).toBe(503);
  }
}

describe("health, models, metrics", () => {
  it("tells what is loaded, where, and what was done", async () => {
    const { captioning, live, ready, models, metrics } = await start();
    expect(await (await get(live)).json()).toEqual({ status: "live" });
    expect(await (await untilReady(ready)).json()).toMatchObject({ status: "ready", provider: "cpu", missing: [] });
    await writeFile(join(server.modelsDirectory, "captioning/metrics.json"), '{"cider": 1.5}');
    const listed = await (await get(models)).json();
    expect(listed).toMatchObject({
      format: 1,
      models: {
        vision: { loaded: true, provider: "cpu", metrics: null, files: [{ path: "vision/encoder.onnx" }] },
        captioning: { loaded: true, provider: "cpu", metrics: { cider: 1.5 } },
        vqa: { loaded: true, provider: "cpu", metrics: null },
        handwriting: { loaded: true, provider: "cpu", metrics: null },
      },
    });

    expect((await caption(captioning)).status).toBe(200);
    expect((await caption(captioning)).status).toBe(200);
    const response = await get(metrics);
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(response.headers.get("x-request-id")).toBeTruthy();
    const text = await response.text();
    expect(text).toContain('inkling_http_requests_total{route="/api/captioning",method="POST",status="200",code=""} 2');
    // Each time the photo and its mirror image.
    expect(text).toMatch(/inkling_region_cache_hits_total 2\n/);
    expect(text).toMatch(/inkling_region_cache_misses_total 2\n/);
    expect(text).toMatch(/inkling_workers_ready 1\n/);
    expect(text).toContain('inkling_provider{provider="cpu"} 1');
    expect(text).toMatch(/inkling_worker_restarts_total 0\n/);
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
    expect(text).toContain('inkling_queue_length{model="vision"} 0');
    expect(text).toContain('inkling_queue_length{model="handwriting"} 0');
    expect(text).toContain('inkling_stage_duration_seconds_count{task="captioning",stage="generate"} 2');
    // Asked for again, nothing is registered twice.
    expect((await get(metrics)).status).toBe(200);
  });

  it("says which model file is altered, and works again once it is restored", async () => {
    const { captioning, ready, models } = await start();
    const path = join(server.modelsDirectory, "captioning/step.onnx");
    const content = await readFile(path);
    await writeFile(path, content.subarray(1));
    const answers = [await caption(captioning), await get(ready)];
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      const problem = await answer.json();
      expect(problem).toMatchObject({ code: "model_unavailable" });
      expect(problem.detail).toContain("captioning/step.onnx");
      expect(JSON.stringify(problem)).not.toContain(server.modelsDirectory);
    }
    expect(await (await get(models)).json()).toMatchObject({
      models: { captioning: { loaded: false, provider: null }, vqa: { loaded: true, provider: "cpu" } },
    });
    await writeFile(path, content);
    expect((await caption(captioning)).status).toBe(200);
    expect((await untilReady(ready)).status).toBe(200);
  });

  it.each([
    ["vqa", ["captioning"]],
    ["captioning", ["vqa"]],
    ["vision", []],
  ] as const)("without %s answers what does not need it, and says what is missing", async (missing, working) => {
    const models = Object.fromEntries(Object.entries(TINY_SERVER_MODELS).filter(([name]) => name !== missing));
    const { captioning, vqa, ready } = await start({}, models);
    expect(await (await untilReady(ready)).json()).toMatchObject({ status: "ready", missing: [missing] });
    const answers = { captioning: await caption(captioning), vqa: await askAbout(vqa) };
    for (const [task, answer] of Object.entries(answers)) {
      const works = working.some((each) => each === task);
      expect([task, answer.status]).toEqual([task, works ? 200 : 503]);
      if (!works) expect(await answer.json()).toMatchObject({ detail: `This server has no ${missing} model.` });
    }
  });

  it("answers captions while a model of another task is altered", async () => {
    const { captioning, vqa, ready } = await start();
    const path = join(server.modelsDirectory, "vqa/answer.onnx");
    const content = await readFile(path);
    await writeFile(path, content.subarray(1));
    expect((await caption(captioning)).status).toBe(200);
    for (const answer of [await askAbout(vqa), await get(ready)]) {
      expect(answer.status).toBe(503);
      expect((await answer.json()).detail).toContain("vqa/answer.onnx");
    }
    await writeFile(path, content);
    expect((await askAbout(vqa)).status).toBe(200);
  });

  it("is not ready while the server stops, and answers nevertheless", async () => {
    const { captioning, ready } = await start();
    await untilReady(ready);
    Object.assign(globalThis, { inklingIsStopping: true });
    const answer = await get(ready);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: "The server is stopping." });
    expect((await caption(captioning)).status).toBe(200);
  });

  it("says in health and in the log that a GPU was left for the CPU", async () => {
    const fallbackReason = "CUDA failed while a model was running.";
    const where = { provider: "cpu", fallbackReason };
    let onEvent: (event: object) => void = () => {};
    vi.doMock("@/lib/inference/node-pool", () => ({
      NodePool: class {
        loaded = new Set();
        where = where;
        constructor(options: { onEvent: typeof onEvent }) {
          ({ onEvent } = options);
        }
        ready = async () => where;
        dispose = async () => {};
      },
    }));
    const { ready } = await start();
    expect(await (await get(ready)).json()).toMatchObject({ status: "ready", ...where });
    const { getLog } = await import("@/lib/http/log");
    const warn = vi.spyOn(getLog(), "warn");
    onEvent({ type: "fallback", during: "run", ...where });
    expect(warn).toHaveBeenCalledWith({ provider: "cpu" }, fallbackReason);
    vi.doUnmock("@/lib/inference/node-pool");
  });

  it("goes on with the models that it has loaded when a file is altered while it runs", async () => {
    const { captioning, ready } = await start();
    await untilReady(ready);
    await writeFile(join(server.modelsDirectory, "captioning/step.onnx"), "altered");
    expect((await caption(captioning)).status).toBe(200);
    expect((await get(ready)).status).toBe(200);
  });

  it("says that the manifest is absent", async () => {
    const { captioning, models } = await start();
    const path = join(server.modelsDirectory, "manifest.json");
    const manifest = await readFile(path);
    await rm(path);
    for (const answer of [await caption(captioning), await get(models)]) {
      expect(await answer.json()).toMatchObject({ status: 503, code: "model_unavailable" });
    }
    await writeFile(path, manifest);
    expect((await caption(captioning)).status).toBe(200);
  });
});

describe("a photo that several tasks look at", () => {
  it("is encoded once: a question about a photo that was captioned needs its hash alone", async () => {
    const { captioning, vqa, metrics } = await start();
    const { image } = await (await caption(captioning)).json();
    const answer = await (await ask(vqa, image.sha256)).json();
    expect(answer).toMatchObject({ image, timings: { decode: 0, encode: 0 } });
    expect(answer.answers).toHaveLength(5);
    const text = await (await get(metrics)).text();
    // The photo and its mirror image, for the captions.
    expect(text).toMatch(/inkling_region_cache_misses_total 2\n/);
    expect(text).toContain('inkling_batch_size_sum{model="vision"} 2');
    expect(text).toContain('inkling_queue_length{model="vqa"} 0');
    expect(text).toContain('inkling_stage_duration_seconds_count{task="vqa",stage="answer"} 1');
  });

  it("is forgotten when the cache has no room, which a question by its hash is told", async () => {
    const { captioning, vqa } = await start({ REGION_CACHE_MIB: "0" });
    const { image } = await (await caption(captioning)).json();
    const answer = await ask(vqa, image.sha256);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "image_not_cached" });
  });
});

describe("limits", () => {
  it("answers overloaded, and when to come back, once the queue is full", async () => {
    const { captioning } = await start({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, seed) => caption(captioning, seed)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const refused = answers[statuses.indexOf(503)] as Response;
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "overloaded" });
    // And then it has recovered.
    expect((await caption(captioning)).status).toBe(200);
  });

  it("answers questions with overloaded as well", async () => {
    const { captioning, vqa } = await start({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    const { image } = await (await caption(captioning)).json();
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(vqa, image.sha256)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const refused = answers[statuses.indexOf(503)] as Response;
    expect(await refused.json()).toMatchObject({ code: "overloaded" });
    expect((await ask(vqa, image.sha256)).status).toBe(200);
  });

  it("answers one client's question while another's photos wait", async () => {
    const { captioning, vqa } = await start({ INFERENCE_MAX_SLOWDOWN: "3" });
    const { getAdmission } = await import("@/lib/server/admission");
    const greedy = "10.0.0.1";
    const leaves = await Promise.all([1, 1, 1].map((weight) => getAdmission().enter(weight, greedy)));
    const photos = Promise.all(
      Array.from({ length: 20 }, (_, seed) => caption(captioning, seed, { "x-inkling-peer": greedy })),
    );
    await vi.waitFor(() => expect(getAdmission().waiting).toBe(20), 20_000);
    expect((await askAbout(vqa, 1234)).status).toBe(200);
    expect(getAdmission().waiting).toBe(20);
    for (const leave of leaves) leave();
    expect(new Set((await photos).map(({ status }) => status))).toEqual(new Set([200]));
    expect(getAdmission()).toMatchObject({ weight: 0, waiting: 0 });
  });

  it("answers overloaded at once where as many clients are served as there is room for", async () => {
    const { captioning } = await start({ INFERENCE_MAX_SLOWDOWN: "3" });
    const { getAdmission } = await import("@/lib/server/admission");
    const leaves = await Promise.all(["a", "b", "c"].map((client) => getAdmission().enter(1, client)));
    const refused = await caption(captioning);
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([503, 2]);
    expect(await refused.json()).toMatchObject({ code: "overloaded" });
    leaves[0]?.();
    expect((await caption(captioning)).status).toBe(200);
  });

  it("re-ranks a caption unless others are being served, or it is asked to", async () => {
    const { captioning } = await start();
    const { getAdmission } = await import("@/lib/server/admission");
    const isReranked = async (query = "") => (await (await caption(captioning, 0, {}, query)).json()).reranked;
    expect([await isReranked(), await isReranked("?rerank=false"), await isReranked("?beamWidth=1")]).toEqual([
      true,
      false,
      false,
    ]);
    const leave = await getAdmission().enter(0.2, "other");
    expect([await isReranked(), await isReranked("?rerank=true")]).toEqual([false, true]);
    leave();
    expect(await isReranked()).toBe(true);
    // A client's own requests take nobody else's time.
    const together = await Promise.all([1, 2, 3].map((seed) => caption(captioning, seed)));
    expect(await Promise.all(together.map(async (answer) => (await answer.json()).reranked))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("answers deadline_exceeded when the time has passed", async () => {
    const { captioning } = await start({ REQUEST_DEADLINE_MS: "1" });
    const response = await caption(captioning);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: "deadline_exceeded" });
  });

  it("limits each client's rate where that is configured", async () => {
    const { captioning, metrics } = await start({ RATE_LIMIT_PER_MINUTE: "2", TRUSTED_PROXIES: "10.0.0.0/8" });
    const send = (peer: string, forwarded: string) =>
      caption(captioning, 0, { "x-inkling-peer": peer, "x-forwarded-for": forwarded });
    const statuses = [];
    // Behind the proxy there are two clients; whoever is none cannot pass for others.
    for (const address of ["1.1.1.1", "1.1.1.1", "1.1.1.1", "2.2.2.2"]) {
      statuses.push((await send("10.0.0.1", address)).status);
      statuses.push((await send("203.0.113.5", address)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429, 200, 429]);
    const refused = await send("10.0.0.1", "1.1.1.1");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "rate_limited" });
    const counted =
      'inkling_http_requests_total{route="/api/captioning",method="POST",status="429",code="rate_limited"} 4';
    expect(await (await get(metrics)).text()).toContain(counted);
  });

  it("lets no other site's pages read its answers, unless that is configured", async () => {
    const origin = "https://example.org";
    const closed = await start();
    const headers = { origin, "access-control-request-method": "POST" };
    const preflight = (route: typeof closed.captioning) =>
      route.OPTIONS(new Request("http://localhost/api/captioning", { method: "OPTIONS", headers }), {});
    for (const answer of [await caption(closed.captioning, 0, { origin }), await preflight(closed.captioning)]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
    await server.stop();
    const { captioning } = await start({ ALLOWED_ORIGINS: origin });
    for (const answer of [await caption(captioning, 0, { origin }), await preflight(captioning)]) {
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    }
  });

  it("has no limit by default", async () => {
    const { captioning } = await start();
    // They count, though there is nothing in them to be captioned.
    const post = () => captioning.POST(new Request("http://localhost/api/captioning", { method: "POST" }), {});
    const answers = await Promise.all(Array.from({ length: 300 }, post));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([415]));
  });
});

describe("an address that there is not", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE"] as const)("answers %s with a problem", async (method) => {
    const { unknown } = await start();
    const response = await unknown[method](new Request("http://localhost/api/nothing", { method }), {});
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  });
});
