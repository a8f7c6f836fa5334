import { afterEach, describe, expect, it } from "vitest";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { ask, expectEvents, expectWriting, get, LOOPS } from "./fixtures/requests";

let server: TinyServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe("a server of handwriting", () => {
  async function restart(environment?: Readonly<Record<string, string>>, models = TINY_SERVER_MODELS): Promise<void> {
    await server?.stop();
    server = await startTinyServer(environment, models);
  }

  it("without the model answers everything else", async () => {
    const { handwriting: _, reading: __, ...others } = TINY_SERVER_MODELS;
    await restart({}, others);
    await expectProblem(await ask({ text: "a" }), 503, "model_unavailable", /handwriting/);
    await expectProblem(await get({ text: "a" }), 503, "model_unavailable", /handwriting/);
    const { whenReady } = await import("@/lib/server/readiness");
    expect(await whenReady(10_000)).toMatchObject({ provider: "cpu" });
  });

  it("without the reader follows ink whose text is given", async () => {
    const { reading: _, ...others } = TINY_SERVER_MODELS;
    await restart({}, others);
    const said = await expectWriting(await ask({ text: "a", prime: { strokes: LOOPS, text: "abc" } }));
    expect(said.warnings.join()).not.toMatch(/ink/);
    const unread = await expectWriting(await ask({ text: "a", prime: { strokes: LOOPS } }));
    expect(unread.warnings.join()).toMatch(/prime\.text/);
  });

  it("whose queue is full says so, and when to come back", async () => {
    await restart({ INFERENCE_MAX_QUEUE: "2", INFERENCE_MAX_BATCH: "1" });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, seed) => ask({ text: "many words", seed })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    const refused = answers.find(({ status }) => status === 503) as Response;
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await expectProblem(refused, 503, "overloaded", /waiting/);
    expect((await ask({ text: "a" })).status).toBe(200);
  });

  it("says that the time has passed, also in mid-stream", async () => {
    await restart({ REQUEST_DEADLINE_MS: "1" });
    await expectProblem(await ask({ text: "a" }), 504, "deadline_exceeded", /0\.001 s/);
    const streamed = await ask({ text: "a" }, { accept: "application/x-ndjson" });
    await expectProblem(streamed, 504, "deadline_exceeded", /0\.001 s/);
    // Long enough to begin, too short to end.
    await restart({ REQUEST_DEADLINE_MS: "250" });
    const { getPool } = await import("@/lib/server/pool");
    await getPool().ready();
    const text = "a long line of many words ".repeat(19);
    const streams = Array.from({ length: 20 }, (_, seed) =>
      ask({ text, seed, style: "wild" }, { accept: "application/x-ndjson" }),
    );
    const begun = (await Promise.all(streams)).filter(({ status }) => status === 200);
    const ends = await Promise.all(begun.map(async (response) => (await expectEvents(response)).at(-1)));
    for (const end of ends)
      expect(end).toMatchObject(end?.type === "error" ? { code: "deadline_exceeded" } : { type: "result" });
  });
});
