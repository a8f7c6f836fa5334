/** The server's pool of `worker_threads` workers, each with an engine of its own. */
import { Worker } from "node:worker_threads";
import { InklingError } from "./errors";
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
}

export interface NodePoolStatus {
  /** Workers that are loaded and alive. */
  readonly ready: number;
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
  loaded: Promise<Ready>;
  state: "loading" | "idle" | "busy" | "dead";
  /** Set when the worker has died. */
  death?: InklingError;
}

/** A worker that dies this often in a row before it is ready is not started again until something is asked for. */
const MAX_FAILED_STARTS = 3;

/**
 * Runs tasks on workers, one at a time on each. A worker that dies is replaced; what it was running is tried once more
 * on another.
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
  readonly #queue: Job<Registry>[] = [];
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
   * @throws `InklingError` with code `model_unavailable` when they cannot be loaded
   */
  async ready(): Promise<Ready> {
    this.#fill();
    const [slot] = this.#slots;
    if (!slot) throw stopped();
    // What could not be loaded before is tried again: the files may have been restored since.
    slot.loaded = slot.loaded.catch(() => slot.client.load(this.#options.tasks));
    return await slot.loaded;
  }

  get status(): NodePoolStatus {
    const slots = [...this.#slots];
    return {
      ready: slots.filter(({ state }) => state !== "loading").length,
      running: slots.filter(({ state }) => state === "busy").length,
      waiting: this.#queue.length,
      restarts: this.#restarts,
    };
  }

  /**
   * Runs one task on the next free worker.
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

  /** Stops every worker; what is waiting or under way is rejected. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#rejectWaiting(stopped());
    await Promise.all([...this.#slots].map(({ worker }) => worker.terminate()));
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
    const slot: Slot<Registry> = { worker, client, loaded: client.load(tasks), state: "loading" };
    this.#slots.add(slot);

    // A worker whose models cannot be loaded stays: each request asks it again and gets the reason.
    const loaded = () => {
      if (!this.#slots.has(slot)) return;
      this.#failedStarts = 0;
      slot.state = "idle";
      this.#dispatch();
    };
    slot.loaded.then(loaded, loaded);

    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => this.#bury(slot, cause));
  }

  #bury(slot: Slot<Registry>, cause: unknown): void {
    this.#slots.delete(slot);
    if (slot.state === "loading") this.#failedStarts += 1;
    slot.state = "dead";
    slot.death = this.#disposed ? stopped() : workerDied(cause);
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
    for (const slot of this.#slots) {
      if (slot.state !== "idle") continue;
      const job = this.#queue.shift();
      if (!job) return;
      this.#run(slot, job);
    }
  }

  #run(slot: Slot<Registry>, job: Job<Registry>): void {
    const { task, payload, options } = job;
    options.signal?.removeEventListener("abort", job.leave);
    slot.state = "busy";
    const onSettled = () => {
      if (slot.state !== "busy") return;
      slot.state = "idle";
      this.#dispatch();
    };
    slot.client.run(task, payload, { ...options, onSettled }).then(job.resolve, (reason) => {
      if (reason === slot.death && !job.retried && this.#slots.size > 0) {
        job.retried = true;
        this.#enqueue(job, "first");
      } else job.reject(reason);
    });
  }
}

function stopped(): InklingError {
  return new InklingError("internal", "The workers have been stopped.", "Start the server again.");
}

function workerDied(cause: unknown): InklingError {
  const detail = "The process that runs the model stopped while it was working on this.";
  return new InklingError("internal", detail, "Try again.", { cause });
}
