/** Runs ONNX models in a browser's Web Worker with onnxruntime-web, on WebGPU where it is real, else on WebAssembly. */
import type * as Ort from "onnxruntime-web/wasm";
import { chooseRuntime, loadRuntime, type RuntimeName, runtimeBytes } from "./browser-runtime";
import type { AnyTensor, Engine, LoadOptions, Session } from "./engine";
import { InklingError } from "./errors";
import { commonFiles, findFile, findModel, type ManifestFile } from "./manifest";
import { ModelDownloads } from "./model-downloads";
import { nextMessages } from "./next-messages";
import { fromOrt, keepOutputs, toOrt } from "./ort-tensors";
import { PromiseCache } from "./promise-cache";
import type { BrowserDevice } from "./worker-protocol";

export interface BrowserEngineOptions {
  readonly device: BrowserDevice;
  /** Where the models' folder is served, with a slash at its end; default: by this server. */
  readonly baseUrl?: string;
}

/** How long runs may follow one another before the worker looks at its messages: a cancelled run ends within this. */
const YIELD_EVERY_MS = 50;

/**
 * An engine for a Web Worker. What it downloads it keeps on the device.
 *
 * @example
 * const engine = createBrowserEngine({ device: "auto" });
 * await engine.prepare(["vision", "captioning"], { onProgress, signal });
 * engine.provider; // "wasm"
 * engine.fallbackReason; // "WebGPU found no graphics processor."
 */
export function createBrowserEngine({ device, baseUrl }: BrowserEngineOptions): Engine {
  const downloads = new ModelDownloads(baseUrl);
  const runtimes = new PromiseCache<typeof Ort>();
  const sessions = new PromiseCache<Session<AnyTensor>>();
  const runInTurn = createTurns();
  let chosen: Promise<RuntimeName> | undefined;
  let provider: RuntimeName | undefined;
  let fallbackReason: string | undefined;

  function chosenRuntime(): Promise<RuntimeName> {
    chosen ??= chooseRuntime(device).then((choice) => {
      fallbackReason = choice.fallbackReason;
      return choice.name;
    });
    return chosen;
  }

  function runtime(name: RuntimeName, options: LoadOptions): Promise<typeof Ort> {
    return runtimes.get(name, (signal) => loadRuntime(name, { ...options, signal }), options.signal);
  }

  async function createSession(
    model: Uint8Array,
    file: ManifestFile,
    options: LoadOptions,
  ): Promise<Session<AnyTensor>> {
    const name = await chosenRuntime();
    try {
      const ort = await runtime(name, options);
      const onGpu = name === "webgpu" && file.gpu !== undefined;
      const graph = onGpu
        ? await downloads.read(findFile(await downloads.manifest(), file.gpu as string), options)
        : model;
      // In turn: WebGPU refuses to create a second session while it creates one.
      const session = await runInTurn(() =>
        ort.InferenceSession.create(graph, {
          externalData: onGpu ? [{ path: fileName(file.path), data: model }] : [],
          // One at a time: given a list, onnxruntime-web falls back without saying so.
          executionProviders: [name],
          ...(name === "webgpu" && file.keep && keepOutputs(file.keep)),
          graphOptimizationLevel: "all",
          // Errors only: the warnings are about graph optimisations that nobody can act on.
          logSeverityLevel: 3,
        }),
      );
      provider = name;
      return wrapSession(session, ort, name, runInTurn);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (name === "webgpu") {
        chosen = Promise.resolve("wasm");
        fallbackReason = "WebGPU could not load the model.";
        return await createSession(model, file, options);
      }
      throw new InklingError(
        "model_unavailable",
        `This browser cannot load the model file ${file.path}.`,
        "Run it on the server instead, or try a newer browser.",
        { cause },
      );
    }
  }

  const engine: Engine = {
    get provider() {
      return provider;
    },
    get fallbackReason() {
      return fallbackReason;
    },

    load<Output extends AnyTensor>(path: string, options: LoadOptions = {}) {
      const create = async (signal: AbortSignal) => {
        const file = findFile(await downloads.manifest(), path);
        const model = await downloads.read(file, { ...options, signal });
        return await createSession(model, file, { signal });
      };
      return sessions.get(path, create, options.signal) as Promise<Session<Output>>;
    },

    async readText(path) {
      const file = findFile(await downloads.manifest(), path);
      return new TextDecoder().decode(await downloads.read(file));
    },

    async prepare(models, { signal, onProgress } = {}) {
      const manifest = await downloads.manifest();
      const files = models.flatMap((name) => commonFiles(findModel(manifest, name)));
      const name = await chosenRuntime();
      signal?.throwIfAborted();

      const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, runtimeBytes(name));
      const loadedBytes = new Map<string, number>();
      const report = (key: string, bytes: number) => {
        loadedBytes.set(key, bytes);
        onProgress?.({ loadedBytes: [...loadedBytes.values()].reduce((sum, each) => sum + each), totalBytes });
      };

      // What fails or is cancelled stops the other downloads.
      const controller = new AbortController();
      const stop = () => controller.abort(signal?.reason);
      signal?.addEventListener("abort", stop, { once: true });
      const prepareFile = async (file: ManifestFile) => {
        const options: LoadOptions = {
          signal: controller.signal,
          onProgress: (progress) => report(file.path, progress.loadedBytes),
        };
        if (file.path.endsWith(".onnx")) await engine.load(file.path, options);
        else await downloads.read(file, options);
        report(file.path, file.bytes);
      };
      const prepareRuntime = async () => {
        await runtime(name, { signal: controller.signal, onProgress: (progress) => report("", progress.loadedBytes) });
        report("", runtimeBytes(name));
      };
      try {
        await Promise.all([prepareRuntime(), ...files.map(prepareFile)]);
      } catch (thrown) {
        controller.abort(thrown);
        throw thrown;
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    },

    async dispose() {
      const loaded = await Promise.allSettled(sessions.clear());
      await Promise.all(loaded.map((result) => result.status === "fulfilled" && result.value.dispose()));
    },
  };
  return engine;
}

/** Under which a graph for GPUs, in the same folder, names the file that holds its weights. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Runs one thing after the other, and lets the worker read its messages in between from time to time. */
function createTurns(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  let yieldedAt = performance.now();
  return (run) => {
    const turn = last.then(async () => {
      if (performance.now() - yieldedAt > YIELD_EVERY_MS) {
        await nextMessages();
        yieldedAt = performance.now();
      }
      return await run();
    });
    last = turn.catch(() => {});
    return turn;
  };
}

function wrapSession(
  session: Ort.InferenceSession,
  { Tensor }: typeof Ort,
  provider: RuntimeName,
  runInTurn: ReturnType<typeof createTurns>,
): Session<AnyTensor> {
  let disposed = false;
  return {
    provider,
    run(inputs, signal) {
      return runInTurn(async () => {
        signal?.throwIfAborted();
        if (disposed) throw new InklingError("internal", "This model has been disposed of.", "Load it again.");
        try {
          return fromOrt(await session.run(toOrt(Tensor, inputs)));
        } catch (cause) {
          throw new InklingError(
            "internal",
            "The model could not be run on this device.",
            "Run it on the server instead.",
            { cause },
          );
        }
      });
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await runInTurn(() => session.release());
    },
  };
}
