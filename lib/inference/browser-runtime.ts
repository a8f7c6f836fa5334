/** Chooses and loads the build of onnxruntime-web that runs in this browser. */
import type * as Ort from "onnxruntime-web/wasm";
import { RUNTIME_CACHE } from "./cache-names";
import type { LoadOptions } from "./engine";
import type { BrowserDevice } from "./worker-protocol";

/**
 * The two builds: each with the WebAssembly file that it loads by itself, and that file's bytes, as they are and as
 * they travel: servers compress it to a quarter. The bare
 * `onnxruntime-web` is never imported: it computes LSTM wrongly on WebGPU, without an error.
 */
const BUILDS = {
  webgpu: {
    load: (): Promise<typeof Ort> => import("onnxruntime-web/webgpu"),
    wasmUrl: () => new URL("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm", import.meta.url),
    wasmBytes: 26_781_914,
    gzipBytes: 6_673_531,
  },
  wasm: {
    load: (): Promise<typeof Ort> => import("onnxruntime-web/wasm"),
    wasmUrl: () => new URL("onnxruntime-web/ort-wasm-simd-threaded.wasm", import.meta.url),
    wasmBytes: 14_239_897,
    gzipBytes: 3_695_884,
  },
};

export type RuntimeName = keyof typeof BUILDS;

/** More threads than this gain nothing on graphs of this size, and take memory from a phone. */
const MAX_THREADS = 4;

/** Bytes that the WebAssembly of a runtime takes to download. */
export function runtimeBytes(name: RuntimeName): number {
  return BUILDS[name].gzipBytes;
}

/**
 * Which runtime to take, before anything is downloaded.
 *
 * @param device - `auto` takes WebGPU only where a real graphics processor answers; `webgpu` takes a software one as well
 * @returns the runtime, and in one sentence why it is not WebGPU although that was tried
 */
export async function chooseRuntime(device: BrowserDevice): Promise<{ name: RuntimeName; fallbackReason?: string }> {
  if (device === "wasm") return { name: "wasm" };
  if (!("gpu" in navigator)) return { name: "wasm", fallbackReason: "This browser has no WebGPU." };
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return { name: "wasm", fallbackReason: "WebGPU found no graphics processor." };
  // Browsers of before 2025 give an adapter without `info`.
  const info = adapter.info as GPUAdapterInfo | undefined;
  if (device === "auto" && info?.isFallbackAdapter) {
    return { name: "wasm", fallbackReason: "WebGPU has only a software processor here, which is slower." };
  }
  return { name: "webgpu" };
}

/**
 * Downloads a runtime with progress and loads it. Its WebAssembly is fetched ahead into the HTTP cache, from where the
 * runtime then takes it: compiling it from there lets the browser keep the compiled code as well. A copy for when there is no
 * network lies in Cache Storage, where the service worker finds it: browsers empty their HTTP cache as they like.
 *
 * @throws the signal's reason
 */
export async function loadRuntime(name: RuntimeName, { signal, onProgress }: LoadOptions): Promise<typeof Ort> {
  const { load, wasmUrl, wasmBytes, gzipBytes } = BUILDS[name];
  let loadedBytes = 0;
  try {
    const response = await fetch(wasmUrl(), { signal });
    const kept = keepRuntime(wasmUrl().href, response.clone());
    const reader = response.body?.getReader();
    for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
      loadedBytes = Math.min(loadedBytes + chunk.value.byteLength, wasmBytes);
      // What arrives here has been unpacked already: its share of the whole stands for what was downloaded.
      onProgress?.({ loadedBytes: Math.round((loadedBytes / wasmBytes) * gzipBytes), totalBytes: gzipBytes });
    }
    await kept;
  } catch {
    // The runtime fetches it itself, and says what is wrong if it cannot.
    signal?.throwIfAborted();
  }
  const ort = await load();
  signal?.throwIfAborted();
  // Threads need shared memory, which browsers give to cross-origin isolated pages alone.
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
  onProgress?.({ loadedBytes: gzipBytes, totalBytes: gzipBytes });
  return ort;
}

/** Keeps a runtime, once, and drops those of former versions. */
async function keepRuntime(url: string, response: Response): Promise<void> {
  try {
    const cache = await caches.open(RUNTIME_CACHE);
    const current = Object.values(BUILDS).map(({ wasmUrl }) => wasmUrl().href);
    const former = (await cache.keys()).filter((request) => !current.includes(request.url));
    await Promise.all(former.map((request) => cache.delete(request)));
    if (await cache.match(url)) await response.body?.cancel();
    else if (response.ok) await cache.put(url, response);
  } catch {
    // Full or forbidden: it is downloaded again when the HTTP cache has lost it.
  }
}
