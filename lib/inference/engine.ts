/**
 * One interface for running ONNX models, implemented by `node-engine.ts` (onnxruntime-node) and
 * `browser-engine.ts` (onnxruntime-web). Pipelines are written against it once and run on both sides.
 */

export type TensorType = "float32" | "int32" | "int64" | "uint8" | "bool";

/** A dense row-major tensor. `data.length` equals the product of `dims`; `bool` is held as 0 or 1 in a `Uint8Array`. */
export interface Tensor {
  readonly type: TensorType;
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
  readonly dims: readonly number[];
}

/** Tensors by the names of the graph's inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * A tensor that stays on the GPU where a graph computed it, for other graphs of the same engine to read it there. It cannot be sent to
 * another thread.
 */
export interface KeptTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** Frees its memory on the GPU. Runs that read it afterwards fail. */
  release(): void;
}

/** What graphs that are run for other graphs give: see `keep` in `manifest.ts`. */
export type AnyTensor = Tensor | KeptTensor;

/** Where a model really runs: never what was merely asked for. */
export type Provider = "cpu" | "cuda" | "webgpu" | "wasm" | "remote";

/** Bytes fetched so far over all files being loaded, and how many there will be. */
export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/**
 * One loaded graph.
 *
 * @typeParam Output - `AnyTensor` where the manifest says that outputs of the graph stay on GPUs
 */
export interface Session<Output extends AnyTensor = Tensor> {
  readonly provider: Provider;
  /**
   * Runs the graph once.
   *
   * @param inputs - every input of the graph, by name
   * @param signal - checked before the run: a run that has begun cannot be interrupted
   * @returns every output of the graph, by name
   * @throws the signal's reason when it is aborted, `InklingError` with code `internal` when the run fails
   */
  run(inputs: Readonly<Record<string, AnyTensor>>, signal?: AbortSignal): Promise<Readonly<Record<string, Output>>>;
  /** Frees the session's memory. Calling it twice is harmless; `run` afterwards throws. */
  dispose(): Promise<void>;
}

/** Loads files that `models/manifest.json` lists, after comparing their SHA-256 with it. */
export interface Engine {
  /** Where the sessions run; undefined until the first is loaded. */
  readonly provider: Provider | undefined;
  /** One sentence for the user: why a faster provider that was tried does not run; undefined where none was. */
  readonly fallbackReason: string | undefined;
  /**
   * Loads every file of the models, with one progress over all their bytes.
   *
   * @param models - names as the manifest has them, e.g. `["vision", "captioning"]`
   * @throws as `load` does
   */
  prepare(models: readonly string[], options?: LoadOptions): Promise<void>;
  /**
   * Loads one graph. Asking again for the same file gives the same session until the engine is disposed of.
   *
   * @param file - path as the manifest has it, e.g. `vision/encoder.onnx`
   * @throws `InklingError` with code `unknown_model` when the manifest has no such file, `model_unavailable` when it is
   *   absent or its SHA-256 differs, or the signal's reason when it is aborted
   */
  load<Output extends AnyTensor = Tensor>(file: string, options?: LoadOptions): Promise<Session<Output>>;
  /**
   * Reads one text file of the manifest, e.g. `captioning/vocabulary.json`.
   *
   * @throws as `load` does
   */
  readText(file: string): Promise<string>;
  /** Disposes of every session. */
  dispose(): Promise<void>;
}
