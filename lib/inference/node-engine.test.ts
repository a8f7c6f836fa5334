import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "./engine";
import { DOUBLE, writeModels } from "./fixtures/models";
import { float32, int32 } from "./fixtures/onnx";
import { createNodeEngine, type NodeDevice } from "./node-engine";

const directories: string[] = [];
const engines: Engine[] = [];

async function open(device: NodeDevice = "cpu") {
  const directory = await writeModels({
    double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": '{"words":["a"]}' },
    gather: {
      "gather/model.onnx": {
        inputs: [{ name: "tokens", type: "int32", shape: ["batch"] }],
        outputs: [{ name: "rows", type: "float32", shape: ["batch", 2] }],
        nodes: [{ op: "Gather", inputs: ["table", "tokens"], outputs: ["rows"], attributes: { axis: { int: 0 } } }],
        initializers: { table: float32([3, 2], [0, 1, 10, 11, 20, 21]) },
      },
    },
  });
  const engine = createNodeEngine({ modelsDirectory: directory, device, threads: 1 });
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
    expect(engine.fallbackReason).toBe(provider === "cuda" ? undefined : "CUDA is not available here.");
    const { engine: strict } = await open("cuda");
    const loaded = await strict.load("double/model.onnx").then(
      (session) => session.provider,
      (error) => error.code,
    );
    expect(loaded).toBe(provider === "cuda" ? "cuda" : "model_unavailable");
  });
});
