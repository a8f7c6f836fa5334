/**
 * What is said between whoever wants work done (a page, or the server's pool) and the worker that holds the models
 * (a Web Worker, or a `worker_threads` worker). Each request carries an id, and each answer the id it belongs to.
 * `load`, `run` and `dispose` are answered by exactly one of `ready`, `result` or `error`, with any number of
 * `progress` or `partial` before it; `cancel` has no answer of its own: what it cancels answers with an error.
 */
import type { LoadProgress, Provider } from "./engine";
import type { ErrorData } from "./errors";

/**
 * Where a browser is to run models; `auto` takes the fastest that works there. A server's workers have their device
 * from the environment.
 */
export type BrowserDevice = "auto" | "webgpu" | "wasm";

export type WorkerRequest =
  /** Loads and warms up what the tasks need; another device than before starts the engine anew. */
  | { readonly type: "load"; readonly id: number; readonly device: BrowserDevice; readonly tasks: readonly string[] }
  | { readonly type: "run"; readonly id: number; readonly task: string; readonly payload: unknown }
  /** `id` is that of the request to cancel. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "dispose"; readonly id: number };

/** Where models run: what a `load` ends with. */
export interface Ready {
  readonly provider: Provider;
  /** One sentence: why a faster provider that was tried does not run. */
  readonly fallbackReason?: string;
}

export type WorkerResponse =
  | ({ readonly type: "progress"; readonly id: number } & LoadProgress)
  | ({ readonly type: "ready"; readonly id: number } & Ready)
  | { readonly type: "partial"; readonly id: number; readonly value: unknown }
  /** `where` is that of a run: a provider that fails is left for another one. */
  | { readonly type: "result"; readonly id: number; readonly value: unknown; readonly where?: Ready }
  /** `error` is null when the request was cancelled; `cause` is for a log, never for a user. */
  | { readonly type: "error"; readonly id: number; readonly error: ErrorData | null; readonly cause?: string };

/** One end of a channel, over which `Sent` goes out and `Received` comes in. */
export interface Endpoint<Sent, Received> {
  send(message: Sent, transfer?: readonly Transferable[]): void;
  onMessage(listener: (message: Received) => void): void;
}

interface WebPort {
  postMessage(message: unknown, options: StructuredSerializeOptions): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** The end of a Web Worker: `self` inside it, the `Worker` outside. */
export function webEndpoint<Sent, Received>(port: WebPort): Endpoint<Sent, Received> {
  return {
    send: (message, transfer = []) => port.postMessage(message, { transfer: [...transfer] }),
    onMessage: (listener) => port.addEventListener("message", ({ data }) => listener(data)),
  };
}

interface NodePort {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(type: "message", listener: (message: unknown) => void): unknown;
}

/** The end of a `worker_threads` worker: `parentPort` inside it, the `Worker` outside. */
export function nodeEndpoint<Sent, Received>(port: NodePort): Endpoint<Sent, Received> {
  return {
    // Pictures, which browsers transfer as well, Node does not know.
    send: (message, transfer = []) => port.postMessage(message, transfer as readonly ArrayBuffer[]),
    onMessage: (listener) => {
      port.on("message", (message) => listener(message as Received));
    },
  };
}
