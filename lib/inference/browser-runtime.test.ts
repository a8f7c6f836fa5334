import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseRuntime, runtimeBytes } from "./browser-runtime";

const require = createRequire(import.meta.url);

afterEach(() => {
  vi.unstubAllGlobals();
});

function stubAdapter(adapter: object | null) {
  vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => adapter } });
}

describe("chooseRuntime", () => {
  it("takes WebGPU where a real graphics processor answers", async () => {
    stubAdapter({ info: { isFallbackAdapter: false } });
    expect(await chooseRuntime("auto")).toEqual({ name: "webgpu" });
  });

  it("takes a software processor only when it is asked to", async () => {
    stubAdapter({ info: { isFallbackAdapter: true } });
    expect(await chooseRuntime("auto")).toMatchObject({ name: "wasm", fallbackReason: /software/ });
    expect(await chooseRuntime("webgpu")).toEqual({ name: "webgpu" });
  });

  it("says why it takes WebAssembly", async () => {
    stubAdapter(null);
    expect(await chooseRuntime("webgpu")).toEqual({
      name: "wasm",
      fallbackReason: "WebGPU found no graphics processor.",
    });
    vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.reject(new Error("blocked")) } });
    expect((await chooseRuntime("auto")).name).toBe("wasm");
    vi.stubGlobal("navigator", {});
    expect(await chooseRuntime("auto")).toEqual({ name: "wasm", fallbackReason: "This browser has no WebGPU." });
  });

  it("asks nobody when WebAssembly is asked for", async () => {
    const requestAdapter = vi.fn();
    vi.stubGlobal("navigator", { gpu: { requestAdapter } });
    expect(await chooseRuntime("wasm")).toEqual({ name: "wasm" });
    expect(requestAdapter).not.toHaveBeenCalled();
  });
});

describe("runtimeBytes", () => {
  it.each([
    ["wasm", "onnxruntime-web/ort-wasm-simd-threaded.wasm"],
    ["webgpu", "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm"],
  ] as const)("of %s is what the installed file compresses to, within one per cent", (name, file) => {
    const { length } = gzipSync(readFileSync(require.resolve(file)));
    expect(Math.abs(runtimeBytes(name) / length - 1)).toBeLessThan(0.01);
  });
});
