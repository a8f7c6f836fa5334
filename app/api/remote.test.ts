/** The app as the first of two tiers: its models run on another server, which may fail in every way. */
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { inferences, type ModelServer } from "@/lib/inference/fixtures/model-server";
import { writeModels } from "@/lib/inference/fixtures/models";
import { startModelTier } from "@/lib/server/fixtures/model-tier";
import { expectProblem, form, jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";

let directory: string;
let tier: ModelServer;
let server: TinyServer;
let routes: {
  captioning: typeof import("./captioning/route");
  vqa: typeof import("./vqa/route");
  handwriting: typeof import("./handwriting/route");
  translation: typeof import("./translation/route");
  ready: typeof import("./health/ready/route");
};

beforeAll(async () => {
  directory = await writeModels(TINY_SERVER_MODELS);
  tier = await startModelTier(directory);
});

afterAll(async () => {
  await tier.leave();
  await rm(directory, { recursive: true });
});

afterEach(async () => {
  tier.conduct = "well";
  await server.stop();
});

async function start(environment: Readonly<Record<string, string>> = {}) {
  server = await startTinyServer(environment);
  const [captioning, vqa, handwriting, translation, ready] = await Promise.all([
    import("./captioning/route"),
    import("./vqa/route"),
    import("./handwriting/route"),
    import("./translation/route"),
    import("./health/ready/route"),
  ]);
  routes = { captioning, vqa, handwriting, translation, ready };
}

const ready = () => routes.ready.GET(new Request("http://localhost/api/health/ready"), {});

/** Asks until the other server has been found and asked for its models. */
async function untilReady(): Promise<Response> {
  for (;;) {
    const response = await ready();
    if (response.ok) return response;
    expect(response.status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function post(task: "captioning" | "vqa", seed: number, fields: readonly [string, string][] = []) {
  const body = form([["image", await jpeg(120, 90, seed)], ...fields]);
  return await routes[task].POST(new Request(`http://localhost/api/${task}`, { method: "POST", body }), {});
}

function write(text: string, more: object = {}) {
  const body = JSON.stringify({ text, seed: 3, ...more });
  const init = { method: "POST", body, headers: { "content-type": "application/json" } };
  return routes.handwriting.POST(new Request("http://localhost/api/handwriting", init), {});
}

const PRIME = {
  prime: {
    strokes: [
      [
        [0, 0],
        [10, 12],
        [20, 3],
      ],
      [
        [30, 0],
        [31, 14],
      ],
    ],
  },
};

/** The same of each task that two servers should agree on. */
async function answers() {
  const caption = await (await post("captioning", 1, [["attention", "true"]])).json();
  const plain = await (
    await post("captioning", 2, [
      ["rerank", "false"],
      ["count", "2"],
    ])
  ).json();
  const answer = await (
    await post("vqa", 1, [
      ["question", "how many dogs"],
      ["attention", "true"],
    ])
  ).json();
  const written = await (await write("ab\nba")).json();
  const primed = await (await write("ab", PRIME)).json();
  return [caption, plain, answer, written, primed];
}

describe("a server whose models run elsewhere", () => {
  it("answers with the same as one that runs them itself, a call for each encode, search, answer or chunk", async () => {
    await start();
    const alone = await answers();
    await server.stop();
    await start({ INFERENCE_URL: tier.url });
    expect(await (await untilReady()).json()).toMatchObject({ status: "ready", provider: "remote" });
    tier.calls.length = 0;
    const remote = await answers();
    expect(new Set(remote.map(({ provider }) => provider))).toEqual(new Set(["remote"]));
    const common = ({ provider, timings, ...rest }: Record<string, unknown>) => rest;
    expect(remote.map(common)).toEqual(alone.map(common));

    const called = inferences(tier);
    const times = (name: string) => called.filter((each) => each === name).length;
    expect(times("captioning")).toBe(2);
    expect(times("vqa-answer")).toBe(1);
    // Photo and mirror image may be one batch or two.
    expect(times("vision-encoder")).toBeLessThanOrEqual(3);
    const points = remote[3].points + remote[4].points;
    expect(times("handwriting-synthesizer")).toBeLessThanOrEqual(Math.ceil(points / 25) + 8);
  }, 60_000);

  it("translates by itself: a search would be a call for each token", async () => {
    await start({ INFERENCE_URL: tier.url });
    await untilReady();
    tier.calls.length = 0;
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const body = JSON.stringify({ text: "Where are you?" });
    const response = await routes.translation.POST(
      new Request("http://localhost/api/translation", { ...init, body }),
      {},
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ provider: "cpu" });
    expect(inferences(tier)).toEqual([]);
  }, 30_000);

  it.each([
    ["hang", 504, "deadline_exceeded"],
    ["garbage", 503, "model_unavailable"],
    ["other outputs", 503, "model_unavailable"],
    ["cut off", 503, "model_unavailable"],
    [500, 503, "model_unavailable"],
    [400, 503, "model_unavailable"],
    [503, 503, "overloaded"],
  ] as const)(
    "tells its client what went wrong where the other server answers thus: %s",
    async (conduct, status, code) => {
      await start({ INFERENCE_URL: tier.url, INFERENCE_TIMEOUT_MS: "2000" });
      await untilReady();
      tier.conduct = conduct;
      const question: [string, string][] = [["question", "how many dogs"]];
      for (const response of [await post("captioning", 11), await post("vqa", 12, question), await write("ab")]) {
        await expectProblem(response, status, code, /^The model server/);
      }
      tier.conduct = "well";
      // After five failures in a row it is left alone for a while.
      await expect
        .poll(async () => (await post("captioning", 13)).status, { timeout: 15_000, interval: 200 })
        .toBe(200);
    },
  );

  it("is not ready while the other server is gone, and is when it has come back", async () => {
    await start({ INFERENCE_URL: tier.url, INFERENCE_TIMEOUT_MS: "2000" });
    await tier.leave();
    expect((await ready()).status).toBe(503);
    await expectProblem(await post("captioning", 21), 503, "model_unavailable", /^The model server/);
    await tier.comeBack();
    await untilReady();
    expect((await post("captioning", 22)).status).toBe(200);
  });

  it("does not take another model of the same name for its own", async () => {
    const { "handwriting/synthesizer.onnx": _, ...others } = TINY_SERVER_MODELS.handwriting ?? {};
    const changed = { ...TINY_SERVER_MODELS, handwriting: others };
    const { "handwriting/reader.onnx": graph } = TINY_SERVER_MODELS.reading ?? {};
    changed.handwriting = { ...others, "handwriting/synthesizer.onnx": graph as never };
    const other = await writeModels(changed);
    const wrong = await startModelTier(other);
    try {
      await start({ INFERENCE_URL: wrong.url });
      await expectProblem(await write("ab"), 503, "model_unavailable", /other inputs or outputs/);
    } finally {
      await wrong.leave();
      await rm(other, { recursive: true });
    }
  });
});
