/** The asking side of `worker-protocol.ts`, for a page and for the server's pool alike. */
import type { LoadProgress } from "./engine";
import { InklingError } from "./errors";
import type { PayloadOf, ResultOf, Tasks } from "./task-runner";
import type { BrowserDevice, Endpoint, Ready, WorkerRequest, WorkerResponse } from "./worker-protocol";

export interface RunOptions {
  /** Stops the run: the promise rejects with the signal's reason at once, the worker as soon as it looks up. */
  readonly signal?: AbortSignal;
  /** Receives parts of the result before the rest is done. */
  readonly onPartial?: (value: unknown) => void;
  /** Buffers and pictures to hand over without a copy; they cannot be used here afterwards. */
  readonly transfer?: readonly Transferable[];
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly onPartial?: (value: unknown) => void;
  /** Called with where a run ran, before its promise resolves. */
  readonly onRan?: (where: Ready) => void;
  /** Called once the worker has answered, which may be long after a cancelled promise was rejected. */
  readonly onSettled?: () => void;
}

type Request = WorkerRequest extends infer Each ? (Each extends { id: number } ? Omit<Each, "id"> : never) : never;

/** @typeParam Registry - the tasks that the worker serves; types payloads and results by the tasks' names */
export class WorkerClient<Registry extends Tasks> {
  readonly #endpoint: Endpoint<WorkerRequest, WorkerResponse>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #failure: unknown;

  constructor(endpoint: Endpoint<WorkerRequest, WorkerResponse>) {
    this.#endpoint = endpoint;
    endpoint.onMessage((response) => this.#receive(response));
  }

  /**
   * Loads the models of the tasks and warms them up.
   *
   * @returns where they run, and why not somewhere faster
   * @throws `InklingError`, or the signal's reason
   */
  load(
    tasks: readonly (keyof Registry & string)[],
    options: { device?: BrowserDevice; signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<Ready> {
    const { device = "auto", signal, onProgress } = options;
    return this.#request({ type: "load", device, tasks }, { signal, onProgress });
  }

  /**
   * Runs one task.
   *
   * @throws `InklingError`, or the signal's reason
   */
  run<Name extends keyof Registry & string>(
    task: Name,
    payload: PayloadOf<Registry[Name]>,
    options: RunOptions & Pick<Pending, "onRan" | "onSettled"> = {},
  ): Promise<ResultOf<Registry[Name]>> {
    return this.#request({ type: "run", task, payload }, options);
  }

  /** Frees the models' memory; what is asked for afterwards loads them again. */
  dispose(): Promise<void> {
    return this.#request({ type: "dispose" }, {});
  }

  /** Rejects everything that is under way, and everything asked for later: the worker has died. */
  fail(reason: unknown): void {
    this.#failure = reason;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, onSettled } of pending) {
      reject(reason);
      onSettled?.();
    }
  }

  #request<Result>(
    request: Request,
    { signal, transfer, ...callbacks }: RunOptions & Omit<Pending, "resolve" | "reject">,
  ): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      const cancel = () => {
        reject(signal?.reason);
        this.#endpoint.send({ type: "cancel", id });
      };
      const onSettled = () => {
        signal?.removeEventListener("abort", cancel);
        callbacks.onSettled?.();
      };
      try {
        signal?.throwIfAborted();
        if (this.#failure) throw this.#failure;
        this.#endpoint.send({ ...request, id } as WorkerRequest, transfer);
      } catch (thrown) {
        reject(thrown);
        onSettled();
        return;
      }
      signal?.addEventListener("abort", cancel, { once: true });
      this.#pending.set(id, { ...callbacks, resolve: resolve as (value: unknown) => void, reject, onSettled });
    });
  }

  #receive(response: WorkerResponse): void {
    const pending = this.#pending.get(response.id);
    if (!pending) return;
    if (response.type === "progress") {
      const { loadedBytes, totalBytes } = response;
      pending.onProgress?.({ loadedBytes, totalBytes });
      return;
    }
    if (response.type === "partial") {
      pending.onPartial?.(response.value);
      return;
    }
    this.#pending.delete(response.id);
    if (response.type === "error") pending.reject(thrownBy(response));
    else if (response.type === "result") {
      if (response.where) pending.onRan?.(response.where);
      pending.resolve(response.value);
    } else pending.resolve({ provider: response.provider, fallbackReason: response.fallbackReason } satisfies Ready);
    pending.onSettled?.();
  }
}

function thrownBy({ error, cause }: WorkerResponse & { type: "error" }): unknown {
  if (!error) return new DOMException("The request was cancelled.", "AbortError");
  const options = cause === undefined ? undefined : { cause: new Error(cause) };
  return new InklingError(error.code, error.detail, error.suggestion, options);
}
