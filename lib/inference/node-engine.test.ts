import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnyTensor, Engine, KeptTensor, Tensor } from "./engine";
import { gpuDouble } from "./fixtures/gpu-double";
import { DOUBLE, writeModels } from "./fixtures/models";
import { float32, int32 } from "./fixtures/onnx";
import { createNodeEngine, type NodeDevice, type OpenGraph } from "./node-engine";

const directories: string[] = [];
const engines: Engine[] = [];

async function open(device: NodeDevice = "cpu", openGraph?: OpenGraph, hasGraphics = false) {
  const directory = await writeModels({
    double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": '{"words":["a"]}' },
    kept: { "kept/model.onnx": { ...DOUBLE, keep: ["y"] } },
    gather: {
      "gather/model.onnx": {
        inputs: [{ name: "tokens", type: "int32", shape: ["batch"] }],
        outputs: [{ name: "rows", type: "float32", shape: ["batch", 2] }],
        nodes: [{ op: "Gather", inputs: ["table", "tokens"], outputs: ["rows"], attributes: { axis: { int: 0 } } }],
        initializers: { table: float32([3, 2], [0, 1, 10, 11, 20, 21]) },
      },
    },
  });
  const engine = createNodeEngine({ modelsDirectory: directory, device, threads: 1 }, openGraph, hasGraphics);
  directories.push(directory);
  engines.push(engine);
  return { engine, directory };
}

afterAll(async () => {
  for (const engine of engines) await engine.dispose();
  for (const directory of directories) await rm(directory, { recursive: true });
});

describe("a session", () => {
  let engine: Engine;
  beforeAll(async () => {
    ({ engine } = await open());
  });

  it("runs a graph and says where", async () => {
    const session = await engine.load("double/model.onnx");
    const { y } = await session.run({ x: float32([3, 2], [1, 2, 3, 4, 5, 6]) });
    expect(session.provider).toBe("cpu");
    expect(y).toMatchObject({ type: "float32", dims: [3, 2] });
    expect([...(y?.data ?? [])]).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it("takes integer tensors", async () => {
    const session = await engine.load("gather/model.onnx");
    const { rows } = await session.run({ tokens: int32([2], [2, 1]) });
    expect([...(rows?.data ?? [])]).toEqual([20, 21, 10, 11]);
  });

  it("is the same however often it is asked for", async () => {
    const [first, second] = await Promise.all([engine.load("double/model.onnx"), engine.load("double/model.onnx")]);
    expect(second).toBe(first);
  });

  it("gives an InklingError for inputs that do not fit", async () => {
    const session = await engine.load("double/model.onnx");
    await expect(session.run({})).rejects.toThrow(expect.objectContaining({ code: "internal" }));
    await expect(session.run({ x: float32([1, 3], [1, 2, 3]) })).rejects.toThrow(
      expect.objectContaining({ code: "internal" }),
    );
  });

  it("does not run for a caller that has left", async () => {
    const session = await engine.load("double/model.onnx");
    await expect(session.run({ x: float32([1, 2], [1, 2]) }, AbortSignal.abort())).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
  });
});

describe("the engine", () => {
  it("reads texts and loads whole models with one progress", async () => {
    const { engine } = await open();
    const progress: number[] = [];
    expect(engine.provider).toBeUndefined();
    await engine.prepare(["double", "gather"], {
      onProgress: ({ loadedBytes, totalBytes }) => progress.push(loadedBytes / totalBytes),
    });
    expect(engine.provider).toBe("cpu");
    expect(progress).toHaveLength(3);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(JSON.parse(await engine.readText("double/vocabulary.json"))).toEqual({ words: ["a"] });
  });

  it("refuses what the manifest does not list", async () => {
    const { engine } = await open();
    await expect(engine.load("../package.json")).rejects.toThrow(expect.objectContaining({ code: "unknown_model" }));
    await expect(engine.prepare(["none"])).rejects.toThrow(expect.objectContaining({ code: "unknown_model" }));
  });

  it("refuses an altered or absent file, and takes it once it is restored", async () => {
    const { engine, directory } = await open();
    const path = join(directory, "double/model.onnx");
    const original = await readFile(path);
    await writeFile(path, Buffer.concat([original, Buffer.from([0])]));
    await expect(engine.load("double/model.onnx")).rejects.toThrow("SHA-256 differs");
    await rm(path);
    await expect(engine.load("double/model.onnx")).rejects.toThrow("absent");
    await writeFile(path, original);
    expect((await engine.load("double/model.onnx")).provider).toBe("cpu");
  });

  it("frees its sessions and loads them again when asked", async () => {
    const { engine } = await open();
    const session = await engine.load("double/model.onnx");
    await engine.dispose();
    await expect(session.run({ x: float32([1, 2], [1, 2]) })).rejects.toThrow("disposed of");
    expect(await engine.load("double/model.onnx")).not.toBe(session);
  });

  it("falls back to the CPU where CUDA does not answer, and says so", async () => {
    const { engine } = await open("auto");
    const { provider } = await engine.load("double/model.onnx");
    expect(engine.fallbackReason).toBe(provider === "cuda" ? undefined : "CUDA cannot be used here.");
    const { engine: strict } = await open("cuda");
    const loaded = await strict.load("double/model.onnx").then(
      (session) => session.provider,
      (error) => error.code,
    );
    expect(loaded).toBe(provider === "cuda" ? "cuda" : "model_unavailable");
  });
});

describe("a GPU, as a double that computes on the CPU", () => {
  const inputs = { x: float32([1, 2], [1, 2]) };

  it("that runs is named", async () => {
    const double = gpuDouble({});
    const { engine } = await open("auto", double.open);
    const session = await engine.load("double/model.onnx");
    await session.run(inputs);
    expect([session.provider, engine.provider, engine.fallbackReason]).toEqual(["cuda", "cuda", undefined]);
    expect(double.runs()).toBe(1);
  });

  it("that fails to start is left for the CPU, which is said", async () => {
    const { engine } = await open("auto", gpuDouble({ failsToOpen: 1 }).open);
    const session = await engine.load("double/model.onnx");
    expect([session.provider, engine.provider]).toEqual(["cpu", "cpu"]);
    expect(engine.fallbackReason).toBe("CUDA cannot be used here.");
  });

  it("is reached by WebGPU where CUDA is not there", async () => {
    const { open: openGraph } = gpuDouble({ absent: ["cuda"] });
    const { engine } = await open("auto", openGraph, true);
    const session = await engine.load("double/model.onnx");
    await engine.load("gather/model.onnx");
    expect([session.provider, engine.provider, engine.fallbackReason]).toEqual(["webgpu", "webgpu", undefined]);
    expect([...((await session.run(inputs)).y?.data ?? [])]).toEqual([2, 4]);
  });

  it("is not looked for by WebGPU where there is none, unless it is asked for", async () => {
    const { open: openGraph } = gpuDouble({ absent: ["cuda"] });
    const { engine } = await open("auto", openGraph);
    expect((await engine.load("double/model.onnx")).provider).toBe("cpu");
    const { engine: asked } = await open("webgpu", openGraph);
    expect((await asked.load("double/model.onnx")).provider).toBe("webgpu");
  });

  it("that nothing reaches is named by all that was tried, or refused where one was asked for", async () => {
    const { open: openGraph } = gpuDouble({ absent: ["cuda", "webgpu"] });
    const { engine } = await open("auto", openGraph, true);
    expect((await engine.load("double/model.onnx")).provider).toBe("cpu");
    expect(engine.fallbackReason).toBe("CUDA and WebGPU cannot be used here.");
    const { engine: asked } = await open("webgpu", openGraph, true);
    await expect(asked.load("double/model.onnx")).rejects.toMatchObject({
      code: "model_unavailable",
      suggestion: expect.stringContaining("Vulkan"),
    });
  });

  it("that has room for one model alone runs none", async () => {
    const double = gpuDouble({ failsToOpen: 2 });
    const { engine } = await open("auto", double.open);
    const first = await engine.load("double/model.onnx");
    await engine.load("gather/model.onnx");
    expect([first.provider, engine.provider]).toEqual(["cpu", "cpu"]);
    expect([...((await first.run(inputs)).y?.data ?? [])]).toEqual([2, 4]);
    expect(double.runs()).toBe(0);
  });

  it("that fails on the hundredth run is left for the CPU, and no answer is lost", async () => {
    const double = gpuDouble({ failsFrom: 100 });
    const { engine } = await open("auto", double.open);
    const session = await engine.load("double/model.onnx");
    for (let run = 1; run <= 120; run += 1) {
      const { y } = await session.run({ x: float32([1, 2], [run, 0]) });
      expect(y?.data[0]).toBe(2 * run);
      expect(engine.provider).toBe(run < 100 ? "cuda" : "cpu");
    }
    expect(engine.fallbackReason).toBe("CUDA failed while a model was running.");
    expect(double.runs()).toBe(100);
    await engine.dispose();
    await expect(session.run(inputs)).rejects.toThrow("disposed of");
  });

  it("keeps what other graphs read, and gives it back when it is released", async () => {
    const double = gpuDouble({ absent: ["cuda"] });
    const { engine } = await open("auto", double.open, true);
    const [first, second] = await Promise.all([
      engine.load<AnyTensor>("kept/model.onnx"),
      engine.load("double/model.onnx"),
    ]);
    const y = (await first.run(inputs)).y as KeptTensor;
    expect([y.type, y.dims, "data" in y]).toEqual(["float32", [1, 2], false]);
    expect([...((await second.run({ x: y })).y?.data ?? [])]).toEqual([4, 8]);
    expect(double.kept()).toBe(1);
    y.release();
    expect(double.kept()).toBe(0);
  });

  it("keeps nothing by CUDA, which cannot, nor on the CPU", async () => {
    for (const [device, openGraph] of [["cuda", gpuDouble({}).open], ["cpu"]] as const) {
      const { engine } = await open(device, openGraph);
      const { y } = await (await engine.load<AnyTensor>("kept/model.onnx")).run(inputs);
      expect([...(y as Tensor).data]).toEqual([2, 4]);
    }
  });

  it("that fails with what it has kept is left for the CPU, which computes that again, once", async () => {
    const double = gpuDouble({ absent: ["cuda"], failsFrom: 3 });
    const { engine } = await open("auto", double.open, true);
    const first = await engine.load<AnyTensor>("kept/model.onnx");
    const second = await engine.load("double/model.onnx");
    const twice = (await first.run({ x: (await first.run(inputs)).y as KeptTensor })).y as KeptTensor;
    for (let run = 0; run < 3; run += 1) expect([...((await second.run({ x: twice })).y?.data ?? [])]).toEqual([8, 16]);
    expect(engine.fallbackReason).toBe("WebGPU failed while a model was running.");
    expect(double.runs()).toBe(3);
  });

  it("is not blamed for inputs that do not fit", async () => {
    const { engine } = await open("auto", gpuDouble({}).open);
    const session = await engine.load("double/model.onnx");
    await expect(session.run({})).rejects.toMatchObject({ code: "internal" });
    expect([engine.provider, engine.fallbackReason]).toEqual(["cuda", undefined]);
  });

  it("that was asked for by name is not replaced", async () => {
    const { engine } = await open("cuda", gpuDouble({ failsFrom: 1 }).open);
    const session = await engine.load("double/model.onnx");
    await expect(session.run(inputs)).rejects.toMatchObject({ code: "internal" });
    expect(engine.provider).toBe("cuda");
  });
});
