/** The server's pool of `worker_threads` workers, each with an engine of its own. */
import { Worker } from "node:worker_threads";
import { InklingError } from "./errors";
import { EXIT } from "./node-worker";
import type { PayloadOf, ResultOf, Tasks } from "./task-runner";
import { type RunOptions, WorkerClient } from "./worker-client";
import { nodeEndpoint, type Ready } from "./worker-protocol";

export interface NodePoolOptions<Registry extends Tasks> {
  /** Path of the workers' JavaScript: an entry that calls `serveTasks`. */
  readonly entry: string;
  /** How many workers; each holds the models once. */
  readonly workers: number;
  /** What the entry finds in `workerData`. */
  readonly settings: unknown;
  /** Tasks that every worker loads before its first run. */
  readonly tasks: readonly (keyof Registry & string)[];
  /** How long a worker may go on with a run that was cancelled, in milliseconds, before it counts as hung; default 10,000. */
  readonly hangsAfterMs?: number;
  /** Told what an operator wants to know. */
  readonly onEvent?: (event: PoolEvent) => void;
}

export type PoolEvent =
  /** A worker has died, or hung and was left; another one is started. `runs` were under way on it. */
  | { readonly type: "death"; readonly cause: unknown; readonly runs: number }
  /** A worker does not run on the fastest provider that it tried, from its start on or since it failed in a run. */
  | ({ readonly type: "fallback"; readonly during: "start" | "run" } & Ready);

export interface NodePoolStatus {
  /** Workers that are loaded and alive. */
  readonly ready: number;
  /** Workers with a run under way. */
  readonly busy: number;
  /** Runs under way. */
  readonly running: number;
  /** Runs that wait for a free worker. */
  readonly waiting: number;
  /** Workers started in place of one that died. */
  readonly restarts: number;
}

interface Job<Registry extends Tasks> {
  readonly task: keyof Registry & string;
  readonly payload: PayloadOf<Registry[keyof Registry & string]>;
  readonly options: Omit<RunOptions, "transfer">;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes the job out of the queue when its signal is aborted there. */
  readonly leave: () => void;
  /** Whether a worker has died over it already. */
  retried: boolean;
}

interface Slot<Registry extends Tasks> {
  readonly worker: Worker;
  readonly client: WorkerClient<Registry>;
  /** By task, so that each depends on its own models alone. */
  readonly loads: Map<keyof Registry & string, Promise<Ready>>;
  /** Tasks whose load has succeeded. */
  readonly loaded: Set<keyof Registry & string>;
  isLoading: boolean;
  /** Runs under way. */
  runs: number;
  /** Set when the worker has died. */
  death?: InklingError;
}

/** A worker that dies this often in a row before it is ready is not started again until something is asked for. */
const MAX_FAILED_STARTS = 3;
const HANGS_AFTER_MS = 10_000;
/**
 * Runs that a worker has at the same time. They take turns, one run of a graph after the other: a question need not wait until
 * a caption is written. Each model's queue hands over one batch for each worker, so that they are of different models.
 */
const RUNS_PER_WORKER = 8;

/**
 * Runs tasks on workers. A worker that dies or hangs is replaced; what it was running is tried once more on another.
 *
 * @typeParam Registry - the tasks that the entry serves; types payloads and results by the tasks' names
 *
 * @example
 * const pool = new NodePool<typeof TASKS>({ entry: "build/server-worker.mjs", workers: 2, settings, tasks: ["vision.encode"] });
 * const regions = await pool.runTask("vision.encode", { pixels }, { signal: request.signal });
 */
export class NodePool<Registry extends Tasks> {
  readonly #options: NodePoolOptions<Registry>;
  readonly #slots = new Set<Slot<Registry>>();
  /** Threads that have not ended: those of the slots, and those that hung and were left. */
  readonly #threads = new Set<Worker>();
  readonly #queue: Job<Registry>[] = [];
  #where: Ready = { provider: "cpu" };
  #failedStarts = 0;
  #restarts = 0;
  #disposed = false;

  constructor(options: NodePoolOptions<Registry>) {
    this.#options = options;
    this.#fill();
  }

  /**
   * Resolves once a worker has loaded its models.
   *
   * @returns where the models run
   * @throws `InklingError` with code `model_unavailable` when any of them cannot be loaded; the others' tasks run nevertheless
   */
  async ready(): Promise<Ready> {
    this.#fill();
    const [slot] = this.#slots;
    if (!slot) throw stopped();
    // What could not be loaded before is tried again: the files may have been restored since.
    for (const [task, load] of slot.loads) {
      slot.loads.set(
        task,
        load.catch(() => loadTask(slot, task)),
      );
    }
    await Promise.all(slot.loads.values());
    return this.#where;
  }

  /** Tasks that a worker has loaded the models of. */
  get loaded(): ReadonlySet<keyof Registry & string> {
    return new Set([...this.#slots].flatMap(({ loaded }) => [...loaded]));
  }

  /** Where the last run ran. */
  get where(): Ready {
    return this.#where;
  }

  get status(): NodePoolStatus {
    const slots = [...this.#slots];
    return {
      ready: slots.filter(({ isLoading }) => !isLoading).length,
      busy: slots.filter(({ runs }) => runs > 0).length,
      running: slots.reduce((sum, { runs }) => sum + runs, 0),
      waiting: this.#queue.length,
      restarts: this.#restarts,
    };
  }

  /**
   * Runs one task on the worker that has least to do.
   *
   * @param task - the name under which the workers' entry registered it
   * @param payload - copied to the worker, so that it can be sent again should that worker die
   * @throws `InklingError`, or the signal's reason
   */
  runTask<Name extends keyof Registry & string>(
    task: Name,
    payload: PayloadOf<Registry[Name]>,
    options: Omit<RunOptions, "transfer"> = {},
  ): Promise<ResultOf<Registry[Name]>> {
    return new Promise((resolve, reject) => {
      options.signal?.throwIfAborted();
      if (this.#disposed) throw stopped();
      const job: Job<Registry> = {
        task,
        payload,
        options,
        resolve: resolve as (value: unknown) => void,
        reject,
        leave: () => {
          this.#queue.splice(this.#queue.indexOf(job), 1);
          reject(options.signal?.reason);
        },
        retried: false,
      };
      this.#failedStarts = 0;
      this.#fill();
      this.#enqueue(job, "last");
    });
  }

  /**
   * Stops every worker, as soon as the run of a graph that it is in has ended; what is waiting or under way is rejected.
   *
   * @returns whether all of them have ended; where one has not within `hangsAfterMs`, only a signal ends the process
   */
  async dispose(): Promise<boolean> {
    this.#disposed = true;
    this.#rejectWaiting(stopped());
    const ended = [...this.#threads].map((worker) => {
      worker.postMessage(EXIT);
      return new Promise((resolve) => worker.once("exit", resolve));
    });
    await Promise.race([
      Promise.all(ended),
      new Promise((resolve) => setTimeout(resolve, this.#options.hangsAfterMs ?? HANGS_AFTER_MS).unref()),
    ]);
    for (const slot of [...this.#slots]) this.#leaveHung(slot);
    return this.#threads.size === 0;
  }

  #fill(): void {
    while (!this.#disposed && this.#slots.size < this.#options.workers && this.#failedStarts < MAX_FAILED_STARTS) {
      this.#start();
    }
  }

  #start(): void {
    const { entry, settings, tasks } = this.#options;
    const worker = new Worker(entry, { workerData: settings });
    const client = new WorkerClient<Registry>(nodeEndpoint(worker));
    const slot: Slot<Registry> = { worker, client, loads: new Map(), loaded: new Set(), isLoading: true, runs: 0 };
    for (const task of tasks) slot.loads.set(task, loadTask(slot, task));
    this.#slots.add(slot);
    this.#threads.add(worker);

    // A worker whose models cannot be loaded stays: each request asks it again and gets the reason.
    void Promise.allSettled(slot.loads.values()).then((outcomes) => {
      if (!this.#slots.has(slot)) return;
      for (const outcome of outcomes) if (outcome.status === "fulfilled") this.#note(outcome.value, "start");
      this.#failedStarts = 0;
      slot.isLoading = false;
      this.#dispatch();
    });

    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => {
      this.#threads.delete(worker);
      this.#bury(slot, cause);
    });
  }

  #bury(slot: Slot<Registry>, cause: unknown): void {
    if (!this.#slots.delete(slot)) return;
    if (slot.isLoading) this.#failedStarts += 1;
    slot.death = this.#disposed ? stopped() : workerDied(cause);
    if (!this.#disposed) this.#options.onEvent?.({ type: "death", cause, runs: slot.runs });
    slot.client.fail(slot.death);
    if (this.#disposed) return;
    this.#restarts += 1;
    this.#fill();
    // No worker comes up: better a clear answer now than requests that wait for ever.
    if (this.#slots.size === 0) this.#rejectWaiting(slot.death);
  }

  #rejectWaiting(reason: InklingError): void {
    for (const { options, leave, reject } of this.#queue.splice(0)) {
      options.signal?.removeEventListener("abort", leave);
      reject(reason);
    }
  }

  #enqueue(job: Job<Registry>, place: "first" | "last"): void {
    job.options.signal?.addEventListener("abort", job.leave, { once: true });
    if (place === "first") this.#queue.unshift(job);
    else this.#queue.push(job);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const free = [...this.#slots].filter(({ isLoading, runs }) => !isLoading && runs < RUNS_PER_WORKER);
      const [slot] = free.toSorted((a, b) => a.runs - b.runs);
      if (!slot) return;
      this.#run(slot, this.#queue.shift() as Job<Registry>);
    }
  }

  #run(slot: Slot<Registry>, job: Job<Registry>): void {
    const { task, payload, options } = job;
    options.signal?.removeEventListener("abort", job.leave);
    slot.runs += 1;
    let watch: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      watch = setTimeout(() => this.#leaveHung(slot), this.#options.hangsAfterMs ?? HANGS_AFTER_MS);
      watch.unref();
    };
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const onSettled = () => {
      clearTimeout(watch);
      options.signal?.removeEventListener("abort", onAbort);
      slot.runs -= 1;
      this.#dispatch();
    };
    const onRan = (where: Ready) => this.#note(where, "run");
    slot.client.run(task, payload, { ...options, onRan, onSettled }).then(job.resolve, (reason) => {
      const mayRetry = reason === slot.death && !job.retried && this.#slots.size > 0 && !options.signal?.aborted;
      if (!mayRetry) return job.reject(reason);
      job.retried = true;
      this.#enqueue(job, "first");
    });
  }

  /** One that does not look up from a run is in native code, which nothing can stop: it ends once that returns, if ever. */
  #leaveHung(slot: Slot<Registry>): void {
    this.#bury(slot, new Error("It went on with a run that had been cancelled."));
    slot.worker.postMessage(EXIT);
    slot.worker.unref();
  }

  #note(where: Ready, during: "start" | "run"): void {
    const isNews = where.fallbackReason !== undefined && where.fallbackReason !== this.#where.fallbackReason;
    this.#where = where;
    if (isNews) this.#options.onEvent?.({ type: "fallback", during, ...where });
  }
}

async function loadTask<Registry extends Tasks>(slot: Slot<Registry>, task: keyof Registry & string): Promise<Ready> {
  const ready = await slot.client.load([task]);
  slot.loaded.add(task);
  return ready;
}

function stopped(): InklingError {
  return new InklingError("internal", "The workers have been stopped.", "Start the server again.");
}

function workerDied(cause: unknown): InklingError {
  const detail = "The process that runs the model stopped while it was working on this.";
  return new InklingError("internal", detail, "Try again.", { cause });
}
