import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Engine } from "./engine";
import { InklingError } from "./errors";
import { serveTasks, type Task, type Tasks } from "./task-runner";
import { WorkerClient } from "./worker-client";
import { type BrowserDevice, nodeEndpoint } from "./worker-protocol";

const ports: { close(): void }[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** An engine that loads nothing and says that it has. */
function fakeEngine(provider: Engine["provider"], prepare: Engine["prepare"] = async () => {}) {
  return {
    provider,
    fallbackReason: undefined,
    load: () => Promise.reject(new Error("not used")),
    readText: () => Promise.reject(new Error("not used")),
    prepare: vi.fn(prepare),
    dispose: vi.fn(async () => {}),
  } satisfies Engine;
}

/** A runner and a client at the two ends of a channel. */
function connect<Registry extends Tasks>(tasks: Registry, createEngine: (device: BrowserDevice) => Engine) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serveTasks(nodeEndpoint(port1), createEngine, tasks);
  return new WorkerClient<Registry>(nodeEndpoint(port2));
}

const double: Task<number, number> = { models: ["double"], create: async () => async (number) => number * 2 };

describe("serveTasks and WorkerClient", () => {
  it("load the models of the tasks once each, with progress", async () => {
    const engine = fakeEngine("wasm", async (_, options) => options?.onProgress?.({ loadedBytes: 5, totalBytes: 5 }));
    const client = connect({ a: double, b: { ...double, models: ["double", "vision"] } }, () => engine);
    const onProgress = vi.fn();
    expect(await client.load(["a", "b"], { onProgress })).toEqual({ provider: "wasm", fallbackReason: undefined });
    expect(engine.prepare).toHaveBeenCalledWith(["double", "vision"], expect.anything());
    expect(onProgress).toHaveBeenCalledExactlyOnceWith({ loadedBytes: 5, totalBytes: 5 });
    expect(await client.run("a", 21)).toBe(42);
  });

  it("build a task once, and again after a failure", async () => {
    const create = vi.fn(double.create);
    create.mockRejectedValueOnce(new InklingError("model_unavailable", "It is absent.", "Restore it."));
    const client = connect({ a: { ...double, create } }, () => fakeEngine("wasm"));
    await expect(client.run("a", 1)).rejects.toMatchObject({ code: "model_unavailable", detail: "It is absent." });
    expect(await Promise.all([client.run("a", 1), client.run("a", 2)])).toEqual([2, 4]);
    expect(create).toHaveBeenCalledTimes(2);
  });

  it("start the engine anew for another device", async () => {
    const engines = { auto: fakeEngine("webgpu"), webgpu: fakeEngine("webgpu"), wasm: fakeEngine("wasm") };
    const client = connect({ a: double }, (device) => engines[device]);
    expect(await client.load(["a"])).toMatchObject({ provider: "webgpu" });
    expect(await client.load(["a"], { device: "wasm" })).toMatchObject({ provider: "wasm" });
    expect(engines.auto.dispose).toHaveBeenCalledOnce();
    await client.dispose();
    expect(engines.wasm.dispose).toHaveBeenCalledOnce();
  });

  it("stop a load when it is cancelled", async () => {
    const prepare: Engine["prepare"] = (_, options) =>
      new Promise((_resolve, reject) => {
        options?.onProgress?.({ loadedBytes: 1, totalBytes: 9 });
        options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    const engine = fakeEngine("wasm", prepare);
    const client = connect({ a: double }, () => engine);
    const controller = new AbortController();
    const load = client.load(["a"], { signal: controller.signal, onProgress: () => controller.abort("enough") });
    await expect(load).rejects.toBe("enough");
    await vi.waitFor(() => expect(engine.prepare.mock.calls[0]?.[1]?.signal?.aborted).toBe(true));
  });

  it("settle a cancelled run in the worker although nobody waits for it", async () => {
    const endless: Task<null, never> = {
      models: [],
      create:
        async () =>
        (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    };
    const client = connect({ endless }, () => fakeEngine("wasm"));
    const controller = new AbortController();
    const onSettled = vi.fn();
    const run = client.run("endless", null, { signal: controller.signal, onSettled });
    controller.abort();
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    await vi.waitFor(() => expect(onSettled).toHaveBeenCalledOnce());
  });

  it("answer for a task that does not exist", async () => {
    const tasks: Tasks = { double };
    const client = connect(tasks, () => fakeEngine("wasm"));
    await expect(client.run("constructor", null as never)).rejects.toMatchObject({ code: "internal" });
  });

  it("reject everything once the worker has died", async () => {
    const client = connect({ a: double }, () => fakeEngine("wasm"));
    const run = client.run("a", 1);
    const death = new Error("died");
    client.fail(death);
    await expect(run).rejects.toBe(death);
    await expect(client.run("a", 1)).rejects.toBe(death);
  });
});
