import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DOUBLE, writeModels } from "./fixtures/models";
import type { TEST_TASKS } from "./fixtures/test-worker";
import { NodePool, type NodePoolOptions, type PoolEvent } from "./node-pool";

type Registry = typeof TEST_TASKS;

let directory: string;
let entry: string;
/** The pool itself, for a process of its own. */
let bundle: string;
const pools: NodePool<Registry>[] = [];

beforeAll(async () => {
  directory = await writeModels({ double: { "double/model.onnx": DOUBLE } });
  // Bundled inside the project, so that the worker finds its packages.
  entry = fileURLToPath(new URL("../../build/test-worker.mjs", import.meta.url));
  bundle = fileURLToPath(new URL("../../build/test-pool.mjs", import.meta.url));
  const options = { bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" } as const;
  const source = (path: string) => [fileURLToPath(new URL(path, import.meta.url))];
  await build({ ...options, entryPoints: source("fixtures/test-worker.ts"), outfile: entry });
  await build({ ...options, entryPoints: source("node-pool.ts"), outfile: bundle });
});

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.dispose();
});

afterAll(() => rm(directory, { recursive: true }));

function open(options: Partial<NodePoolOptions<Registry>> = {}): NodePool<Registry> {
  const settings = { modelsDirectory: directory, device: "cpu", threads: 1 };
  const pool = new NodePool<Registry>({ entry, workers: 1, settings, tasks: ["double"], ...options });
  pools.push(pool);
  return pool;
}

/** Lives that a crashing task takes from, seen by every worker. */
function lives(count: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(4);
  new Int32Array(buffer)[0] = count;
  return buffer;
}

describe("NodePool", () => {
  it("runs tasks on its workers and says where the models run", async () => {
    const pool = open({ workers: 2 });
    expect(await pool.ready()).toMatchObject({ provider: "cpu" });
    const results = await Promise.all([1, 2, 3, 4].map((n) => pool.runTask("double", [n, -n])));
    expect(results).toEqual([
      [2, -2],
      [4, -4],
      [6, -6],
      [8, -8],
    ]);
    // One worker may have done it all while the other was still loading.
    await vi.waitFor(
      () => expect(pool.status).toEqual({ ready: 2, busy: 0, running: 0, waiting: 0, restarts: 0 }),
      10_000,
    );
  });

  it("hands over parts of a result in order", async () => {
    const parts: unknown[] = [];
    expect(await open().runTask("countTo", 3, { onPartial: (part) => parts.push(part) })).toBe("counted");
    expect(parts).toEqual([1, 2, 3]);
  });

  it("passes on what a task refuses, and hides what it did not expect", async () => {
    const pool = open();
    await expect(pool.runTask("refuse", null)).rejects.toMatchObject({ code: "invalid_image", status: 422 });
    const failure = await pool.runTask("fail", null).catch((error) => error);
    expect(failure).toMatchObject({ code: "internal" });
    expect(failure.detail).not.toContain("a detail for the log");
    expect(String(failure.cause)).toContain("a detail for the log");
  });

  it("stops a run at once, and its worker soon after", async () => {
    const pool = open();
    await pool.ready();
    const controller = new AbortController();
    const run = pool.runTask("countTo", 100_000, { signal: controller.signal, onPartial: () => controller.abort() });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
    await vi.waitFor(() => expect(pool.status.running).toBe(0), 10_000);
  });

  it("lets runs on one worker take turns", async () => {
    const pool = open();
    await pool.ready();
    const long = pool.runTask("countTo", 100);
    const order: string[] = [];
    void long.then(() => order.push("long"));
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
    order.push("short");
    expect(pool.status).toMatchObject({ busy: 1, running: 1 });
    await long;
    expect(order).toEqual(["short", "long"]);
  });

  it("takes a run that is no longer wanted out of the queue", async () => {
    const pool = open();
    // Before the worker is ready, both wait.
    const first = pool.runTask("countTo", 20);
    const controller = new AbortController();
    const second = pool.runTask("double", [1, 1], { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect(await first).toBe("counted");
    await expect(pool.runTask("double", [1, 1], { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it("replaces a worker that dies, and tries what it was running once more", async () => {
    const pool = open();
    expect(await pool.runTask("crash", lives(1))).toBe("survived");
    expect(pool.status.restarts).toBe(1);
  });

  it("loses none of the others' runs with a worker that dies", async () => {
    const events: PoolEvent[] = [];
    const pool = open({ onEvent: (event) => events.push(event) });
    await pool.ready();
    const others = [1, 2, 3].map((n) => pool.runTask("countTo", 40 * n));
    const double = pool.runTask("double", [1, 2]);
    expect(await pool.runTask("crash", lives(1))).toBe("survived");
    expect(await double).toEqual([2, 4]);
    expect(await Promise.all(others)).toEqual(["counted", "counted", "counted"]);
    expect(pool.status.restarts).toBe(1);
    expect(events).toMatchObject([{ type: "death" }]);
  });

  it("leaves a worker that goes on with what was cancelled, and tries the others' runs once more", async () => {
    const events: PoolEvent[] = [];
    const pool = open({ hangsAfterMs: 50, onEvent: (event) => events.push(event) });
    await pool.ready();
    const controller = new AbortController();
    const hung = pool.runTask("hang", null, { signal: controller.signal });
    const other = pool.runTask("double", [1, 2]);
    controller.abort();
    await expect(hung).rejects.toMatchObject({ name: "AbortError" });
    expect(await other).toEqual([2, 4]);
    expect(pool.status.restarts).toBe(1);
    expect(events).toMatchObject([{ type: "death", runs: 2 }]);
    // The one that was left goes on: the process cannot end in order.
    expect(await pool.dispose()).toBe(false);
  });

  it("runs what it can where another task's model is absent, and says what is missing", async () => {
    const pool = open({ tasks: ["other", "double"] });
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
    await expect(pool.ready()).rejects.toMatchObject({ detail: expect.stringContaining("other") });
    await expect(pool.runTask("other", null)).rejects.toMatchObject({ detail: expect.stringContaining("other") });
    expect(pool.where).toEqual({ provider: "cpu" });
    expect(pool.status.restarts).toBe(0);
  });

  it("says once that a GPU has failed in a run, and where runs ran since", async () => {
    const events: PoolEvent[] = [];
    const settings = { modelsDirectory: directory, device: "auto", threads: 1, gpu: { failsFrom: 100 } };
    const pool = open({ settings, onEvent: (event) => events.push(event) });
    expect(await pool.ready()).toMatchObject({ provider: "cuda" });
    for (let run = 1; run <= 101; run += 1) {
      expect(await pool.runTask("double", [run, run])).toEqual([2 * run, 2 * run]);
      expect(pool.where.provider).toBe(run < 100 ? "cuda" : "cpu");
    }
    const fallbackReason = "CUDA failed while a model was running.";
    expect(events).toEqual([{ type: "fallback", during: "run", provider: "cpu", fallbackReason }]);
    expect(await pool.ready()).toEqual({ provider: "cpu", fallbackReason });
  });

  it("answers clearly when a worker dies twice over the same thing, and goes on", async () => {
    const pool = open();
    await expect(pool.runTask("crash", lives(2))).rejects.toMatchObject({ code: "internal", suggestion: "Try again." });
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
    expect(pool.status.restarts).toBe(2);
  });

  it("gives a clear answer when no worker comes up", async () => {
    const pool = open({ entry: join(directory, "absent.mjs") });
    await expect(pool.runTask("double", [1, 1])).rejects.toMatchObject({ code: "internal" });
    await expect(pool.ready()).rejects.toMatchObject({ code: "internal" });
  });

  it("refuses altered models without dying, and takes them once they are restored", async () => {
    const path = join(directory, "double/model.onnx");
    const original = await readFile(path);
    await writeFile(path, "altered");
    const pool = open();
    await expect(pool.ready()).rejects.toMatchObject({ code: "model_unavailable", status: 503 });
    await expect(pool.runTask("double", [1, 1])).rejects.toMatchObject({ code: "model_unavailable" });
    await writeFile(path, original);
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
    expect(await pool.ready()).toMatchObject({ provider: "cpu" });
    expect(pool.status.restarts).toBe(0);
  });

  it("refuses a payload that cannot be sent, and goes on", async () => {
    const pool = open();
    const unsendable = [() => 1] as unknown as number[];
    await expect(pool.runTask("double", unsendable)).rejects.toThrow();
    expect(await pool.runTask("double", [1, 1])).toEqual([2, 2]);
  });

  it("ends with status 0 while its workers load and run graphs", async () => {
    const script = `(async () => {
      const { NodePool } = await import(${JSON.stringify(bundle)});
      const settings = ${JSON.stringify({ modelsDirectory: directory, device: "cpu", threads: 1 })};
      const pool = new NodePool({ entry: ${JSON.stringify(entry)}, workers: 2, settings, tasks: ["double"] });
      if (process.argv[1] === "run") {
        await pool.ready();
        for (let run = 0; run < 200; run += 1) pool.runTask("double", [run, run]).catch(() => {});
      }
      await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
      await pool.dispose();
      process.exit(0);
    })()`;
    const run = promisify(execFile);
    // A status other than 0, as of an aborted process, rejects.
    for (const [when, milliseconds] of [
      ["load", "0"],
      ["load", "150"],
      ["run", "0"],
      ["run", "5"],
    ] as const) {
      await run(process.execPath, ["-e", script, when, milliseconds]);
    }
  });

  it("rejects everything when it is disposed of", async () => {
    const pool = open();
    await pool.ready();
    const running = pool.runTask("countTo", 100_000);
    const waiting = pool.runTask("double", [1, 1]);
    const outcome = Promise.allSettled([running, waiting]);
    expect(await pool.dispose()).toBe(true);
    expect((await outcome).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(pool.runTask("double", [1, 1])).rejects.toMatchObject({ code: "internal" });
  });
});
