import { afterEach, describe, expect, it, vi } from "vitest";
import { createBrowserEngine } from "./browser-engine";
import { runtimeBytes } from "./browser-runtime";
import type { LoadProgress } from "./engine";
import { DOUBLE } from "./fixtures/models";
import { float32 } from "./fixtures/onnx";
import { stubWeb } from "./fixtures/web";

const MODELS = {
  double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": '{"words":["a"]}' },
  again: { "again/model.onnx": DOUBLE },
};

afterEach(() => {
  vi.unstubAllGlobals();
});

function open() {
  const web = stubWeb(MODELS);
  return { ...web, engine: createBrowserEngine({ device: "wasm", baseUrl: "/models/" }) };
}

describe("createBrowserEngine", () => {
  it("runs a graph on WebAssembly", async () => {
    const { engine } = open();
    const session = await engine.load("double/model.onnx");
    const { y } = await session.run({ x: float32([2, 2], [1, 2, 3, 4]) });
    expect([session.provider, engine.provider, engine.fallbackReason]).toEqual(["wasm", "wasm", undefined]);
    expect(y).toMatchObject({ type: "float32", dims: [2, 2] });
    expect([...(y?.data ?? [])]).toEqual([2, 4, 6, 8]);
  });

  it("falls back to WebAssembly with a reason", async () => {
    stubWeb(MODELS);
    vi.stubGlobal("navigator", {});
    const engine = createBrowserEngine({ device: "auto", baseUrl: "/models/" });
    await engine.load("double/model.onnx");
    expect([engine.provider, engine.fallbackReason]).toEqual(["wasm", "This browser has no WebGPU."]);
  });

  it("falls back when WebGPU is there but cannot load the model", async () => {
    stubWeb(MODELS);
    vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => ({ info: {} }) } });
    const engine = createBrowserEngine({ device: "auto", baseUrl: "/models/" });
    await engine.load("double/model.onnx");
    expect([engine.provider, engine.fallbackReason]).toEqual(["wasm", "WebGPU could not load the model."]);
  });

  it("prepares models with one growing progress over the runtime and all files", async () => {
    const { engine, manifest, requests } = open();
    const progress: LoadProgress[] = [];
    await engine.prepare(["double", "again"], { onProgress: (each) => progress.push(each) });
    const files = Object.values(manifest.models).flatMap((model) => model.files);
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, runtimeBytes("wasm"));
    expect(new Set(progress.map((each) => each.totalBytes))).toEqual(new Set([totalBytes]));
    const loaded = progress.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(totalBytes);
    expect(await engine.readText("double/vocabulary.json")).toBe('{"words":["a"]}');
    expect(requests.filter((path) => path === "double/model.onnx")).toHaveLength(1);
  });

  it("stops preparing when it is cancelled, and can be asked again", async () => {
    const { engine } = open();
    const controller = new AbortController();
    const cancelled = engine.prepare(["double"], { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
    await engine.prepare(["double"]);
    expect(engine.provider).toBe("wasm");
  });

  it("refuses models that it does not know or cannot load", async () => {
    const { engine, contents } = open();
    await expect(engine.load("none.onnx")).rejects.toMatchObject({ code: "unknown_model" });
    await expect(engine.load("double/vocabulary.json")).rejects.toMatchObject({ code: "model_unavailable" });
    contents.delete("again/model.onnx");
    await expect(engine.prepare(["double", "again"])).rejects.toMatchObject({ code: "model_unavailable" });
  });

  it("lets messages through between runs, and runs nothing for a caller that has left", async () => {
    const { engine } = open();
    const session = await engine.load("double/model.onnx");
    const { port1, port2 } = new MessageChannel();
    const controller = new AbortController();
    port1.onmessage = () => controller.abort();
    port2.postMessage("cancel");
    const endless = async () => {
      for (;;) await session.run({ x: float32([1, 2], [1, 2]) }, controller.signal);
    };
    await expect(endless()).rejects.toMatchObject({ name: "AbortError" });
    port1.close();
  });

  it("frees its sessions", async () => {
    const { engine } = open();
    const session = await engine.load("double/model.onnx");
    await engine.dispose();
    await expect(session.run({ x: float32([1, 2], [1, 2]) })).rejects.toThrow("disposed of");
    expect(await engine.load("double/model.onnx")).not.toBe(session);
  });
});
