/** Runs ONNX models with onnxruntime-node, on the GPU where CUDA or WebGPU answers, else on the CPU. */
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { byteProductsOverflow } from "./byte-products";
import type { AnyTensor, Engine, LoadOptions, Provider, Session, Tensor, Tensors } from "./engine";
import { InklingError } from "./errors";
import { hasGraphicsProcessor } from "./graphics-processor";
import { commonFiles, findFile, findModel } from "./manifest";
import { readManifest, readVerified } from "./models-directory";
import { fromOrt, GpuTensor, keepOutputs, toOrt } from "./ort-tensors";
import { PromiseCache } from "./promise-cache";

// What fails is thrown as well; without this, each machine without CUDA would print an error at every start.
ort.env.logLevel = "fatal";

export type NodeDevice = "auto" | "cpu" | Gpu;

/** CUDA, and Dawn's WebGPU over Vulkan, Metal or Direct3D, which is part of onnxruntime-node. */
type Gpu = "cuda" | "webgpu";

const GPU_NAMES = { cuda: "CUDA", webgpu: "WebGPU" } as const;

export interface NodeEngineOptions {
  /** The folder that holds `manifest.json`. */
  readonly modelsDirectory: string;
  /**
   * `auto` takes CUDA where it works, else WebGPU where there is a graphics processor, else the CPU, and says in
   * `fallbackReason` why it is the CPU.
   */
  readonly device: NodeDevice;
  /** Threads within one operator of a graph. */
  readonly threads: number;
}

/** Opens a graph, by its bytes or its path, on the one provider that the options name. */
export type OpenGraph = (
  graph: Uint8Array | string,
  options: ort.InferenceSession.SessionOptions,
) => Promise<Pick<ort.InferenceSession, "run" | "release">>;

type Inputs = Readonly<Record<string, AnyTensor>>;

const openGraph: OpenGraph = (graph, options) =>
  typeof graph === "string" ? ort.InferenceSession.create(graph, options) : ort.InferenceSession.create(graph, options);

/**
 * An engine for Node. `run` blocks its thread: use it inside a worker of `node-pool.ts`, never in a request handler. With the device
 * `auto` a GPU that fails, be it at the start or in the midst of a run, is left for the CPU, for good.
 *
 * @param open - how a graph is opened; a test puts a provider of its own here
 * @param hasGraphics - whether WebGPU may be taken without being asked for
 *
 * @example
 * const engine = createNodeEngine({ modelsDirectory: "models", device: "auto", threads: 2 });
 * const encoder = await engine.load("vision/encoder.onnx");
 * encoder.provider; // "cpu"
 */
export function createNodeEngine(
  { modelsDirectory, device, threads }: NodeEngineOptions,
  open: OpenGraph = openGraph,
  hasGraphics = hasGraphicsProcessor(),
): Engine {
  const sessions = new PromiseCache<Session<AnyTensor>>();
  const tried: readonly Gpu[] = gpusOf(device, hasGraphics);
  /** Those of `tried` that have not failed to open a graph, the best first. */
  let gpus = tried;
  let provider: Provider | undefined;
  let fallbackReason: string | undefined;
  /** Computes on the CPU what has stayed on the GPU: from there onnxruntime-node 1.30 cannot download it. */
  const computeAgain = new WeakMap<AnyTensor, () => Promise<Tensor>>();

  function openOn(name: "cpu" | Gpu, graph: Uint8Array | string, keep: readonly string[] = []) {
    return open(graph, {
      ...(name === "webgpu" && keep.length > 0 && keepOutputs(keep)),
      // One at a time: given a list, onnxruntime-node throws when the first is absent.
      executionProviders: [name],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      extra: {
        session: {
          // Each session has threads of its own, which by default go on spinning after a run and take the cores from
          // the session that runs next.
          force_spinning_stop: "1",
          // Exact instructions instead of those that overflow. Where none do, it only halves the speed.
          x64quantprecision: byteProductsOverflow() ? "1" : "0",
        },
      },
      // Errors only: the warnings are about graph optimisations that nobody can act on.
      logSeverityLevel: 3,
    });
  }

  async function openOnCpu(path: string, model: Uint8Array): Promise<Session> {
    try {
      return wrapSession(await openOn("cpu", model), "cpu") as Session;
    } catch (cause) {
      throw new InklingError(
        "model_unavailable",
        `The model file ${path} cannot be loaded.`,
        `Restore models/${path} from the repository.`,
        { cause },
      );
    }
  }

  async function openOnGpu(path: string, model: Uint8Array): Promise<Session<AnyTensor> | undefined> {
    const { keep } = findFile(await readManifest(modelsDirectory), path);
    for (let [gpu] = gpus; gpu !== undefined && fallbackReason === undefined; [gpu] = gpus) {
      try {
        return wrapSession(await openOn(gpu, await graphForGpu(path, model), keep), gpu);
      } catch (cause) {
        if (device !== "auto") {
          throw new InklingError(
            "model_unavailable",
            `The model file ${path} cannot run on ${GPU_NAMES[gpu]} here.`,
            gpu === "cuda"
              ? "Install the CUDA libraries, or set INFERENCE_DEVICE to auto or cpu."
              : "Install the graphics driver and its Vulkan loader, or set INFERENCE_DEVICE to auto or cpu.",
            { cause },
          );
        }
        // One that has opened a graph and has no room for the next is left altogether: models on both would wait for each other.
        gpus = provider === undefined ? gpus.filter((other) => other !== gpu) : [];
      }
    }
    if (tried.length > 0) leaveGpu(`${tried.map((gpu) => GPU_NAMES[gpu]).join(" and ")} cannot be used here.`);
    return undefined;
  }

  function leaveGpu(reason: string): void {
    fallbackReason ??= reason;
    provider = "cpu";
  }

  /** A session on the GPU until that fails, and then on the CPU. */
  function withFallback(gpu: Session<AnyTensor>, path: string): Session<AnyTensor> {
    let cpu: Promise<Session> | undefined;
    let disposed = false;
    const onCpu = () => {
      cpu ??= readVerified(modelsDirectory, path).then((model) => openOnCpu(path, model));
      return cpu;
    };
    const runOnCpu = async (inputs: Inputs, signal?: AbortSignal) => {
      const values = Object.entries(inputs).map(async ([name, value]) => [
        name,
        await (computeAgain.get(value)?.() ?? value),
      ]);
      return await (await onCpu()).run(Object.fromEntries(await Promise.all(values)), signal);
    };
    const rememberOrigin = (outputs: Inputs, inputs: Inputs) => {
      let again: Promise<Tensors> | undefined;
      for (const [name, output] of Object.entries(outputs)) {
        if (!(output instanceof GpuTensor)) continue;
        computeAgain.set(output, async () => {
          again ??= runOnCpu(inputs);
          return (await again)[name] as Tensor;
        });
      }
      return outputs;
    };
    return {
      get provider() {
        return fallbackReason === undefined ? gpu.provider : "cpu";
      },
      async run(inputs, signal) {
        signal?.throwIfAborted();
        if (fallbackReason !== undefined) return await runOnCpu(inputs, signal);
        try {
          return rememberOrigin(await gpu.run(inputs, signal), inputs);
        } catch (thrown) {
          if (disposed) throw thrown;
          // Inputs that do not fit fail here too, and then it was not the GPU's fault.
          const outputs = await runOnCpu(inputs, signal);
          leaveGpu(`${gpu.provider === "cuda" ? GPU_NAMES.cuda : GPU_NAMES.webgpu} failed while a model was running.`);
          return outputs;
        }
      },
      async dispose() {
        disposed = true;
        await gpu.dispose();
        await (await cpu)?.dispose();
      },
    };
  }

  /** The path of the graph that stands in for this one on GPUs: from there it finds its weights. Else the graph itself. */
  async function graphForGpu(path: string, model: Uint8Array): Promise<Uint8Array | string> {
    const { gpu } = findFile(await readManifest(modelsDirectory), path);
    if (gpu === undefined) return model;
    await readVerified(modelsDirectory, gpu);
    return join(modelsDirectory, gpu);
  }

  async function loadSession(path: string, { signal, onProgress }: LoadOptions): Promise<Session<AnyTensor>> {
    const model = await readVerified(modelsDirectory, path);
    signal?.throwIfAborted();
    onProgress?.({ loadedBytes: model.byteLength, totalBytes: model.byteLength });
    const onGpu = fallbackReason === undefined ? await openOnGpu(path, model) : undefined;
    if (!onGpu) {
      const session = await openOnCpu(path, model);
      provider = "cpu";
      return session;
    }
    provider = onGpu.provider;
    return device === "auto" ? withFallback(onGpu, path) : onGpu;
  }

  const engine: Engine = {
    get provider() {
      return provider;
    },
    get fallbackReason() {
      return fallbackReason;
    },
    load: <Output extends AnyTensor>(path: string, options: LoadOptions = {}) =>
      sessions.get(path, (signal) => loadSession(path, { ...options, signal }), options.signal) as Promise<
        Session<Output>
      >,
    async readText(path) {
      return (await readVerified(modelsDirectory, path)).toString("utf8");
    },
    async prepare(models, { signal, onProgress } = {}) {
      const manifest = await readManifest(modelsDirectory);
      const files = models.flatMap((name) => commonFiles(findModel(manifest, name)));
      const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
      let loadedBytes = 0;
      for (const file of files) {
        if (file.path.endsWith(".onnx")) await engine.load(file.path, { signal });
        loadedBytes += file.bytes;
        onProgress?.({ loadedBytes, totalBytes });
      }
    },
    async dispose() {
      const loaded = await Promise.allSettled(sessions.clear());
      await Promise.all(loaded.map((result) => result.status === "fulfilled" && result.value.dispose()));
    },
  };
  return engine;
}

function gpusOf(device: NodeDevice, hasGraphics: boolean): readonly Gpu[] {
  if (device === "auto") return hasGraphics ? ["cuda", "webgpu"] : ["cuda"];
  return device === "cpu" ? [] : [device];
}

function wrapSession(session: Awaited<ReturnType<OpenGraph>>, provider: Provider): Session<AnyTensor> {
  let disposed = false;
  return {
    provider,
    async run(inputs, signal) {
      signal?.throwIfAborted();
      if (disposed) throw new InklingError("internal", "This model has been disposed of.", "Load it again.");
      try {
        return fromOrt(await session.run(toOrt(ort.Tensor, inputs)));
      } catch (cause) {
        throw new InklingError("internal", "The model could not be run.", "Try again.", { cause });
      }
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.release();
    },
  };
}
