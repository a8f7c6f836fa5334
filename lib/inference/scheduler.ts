/** Gathers what is asked of one model at the same time into batches, behind a queue that is bounded. */
import { InklingError } from "./errors";

export interface SchedulerOptions<Item, Result> {
  /** Items run together at most. */
  readonly maxBatch: number;
  /** How long an item waits for others to join it, in milliseconds, although there is room to run it. */
  readonly maxDelayMs: number;
  /** Items that may wait; one more is refused with `overloaded`. */
  readonly maxQueue: number;
  /** Batches under way at the same time: as many as there are workers. */
  readonly concurrency: number;
  /**
   * Runs one batch.
   *
   * @param signal - aborted when none of the batch's items is wanted any longer
   * @returns one result for each item, in their order
   */
  readonly runBatch: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Result[]>;
}

export interface Scheduled<Result> {
  readonly value: Result;
  /** How long the item waited for its batch to begin, in milliseconds. */
  readonly queueMs: number;
  /** How many items ran together. */
  readonly batchSize: number;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly enqueuedAt: number;
  readonly signal?: AbortSignal;
  readonly resolve: (scheduled: Scheduled<Result>) => void;
  readonly reject: (reason: unknown) => void;
  /** What an abort does: another thing while the item waits than while it runs. */
  leave: () => void;
  readonly onAbort: () => void;
}

/**
 * A bounded queue with dynamic batching, for one model.
 *
 * @example
 * const encoder = new Scheduler({ maxBatch: 8, maxDelayMs: 2, maxQueue: 64, concurrency: 1, runBatch: encodeAll });
 * const { value, queueMs } = await encoder.submit(pixels, request.signal);
 */
export class Scheduler<Item, Result> {
  readonly #options: SchedulerOptions<Item, Result>;
  readonly #queue: Entry<Item, Result>[] = [];
  /** Items of a batch that failed, which run by themselves: only the one that makes it fail is to fail. */
  readonly #suspects: Entry<Item, Result>[] = [];
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SchedulerOptions<Item, Result>) {
    this.#options = options;
  }

  /** Items that wait for a batch. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Batches under way. */
  get running(): number {
    return this.#running;
  }

  /**
   * Adds one item to the next batch.
   *
   * @param signal - takes the item out of the queue, or out of its batch; a deadline is such a signal (`deadline.ts`)
   * @throws `InklingError` with code `overloaded` when the queue is full, what `runBatch` throws, or the signal's reason
   */
  submit(item: Item, signal?: AbortSignal): Promise<Scheduled<Result>> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#queue.length >= this.#options.maxQueue) {
        throw new InklingError(
          "overloaded",
          `${this.#queue.length} requests are waiting already.`,
          "Try again in a few seconds.",
        );
      }
      const entry: Entry<Item, Result> = {
        item,
        enqueuedAt: performance.now(),
        signal,
        resolve,
        reject,
        leave: () => {
          this.#queue.splice(this.#queue.indexOf(entry), 1);
          reject(signal?.reason);
        },
        onAbort: () => entry.leave(),
      };
      signal?.addEventListener("abort", entry.onAbort, { once: true });
      this.#queue.push(entry);
      this.#schedule();
    });
  }

  /** Runs what is due, and comes back when the next item will be. */
  #schedule(): void {
    const { concurrency, maxBatch, maxDelayMs } = this.#options;
    clearTimeout(this.#timer);
    while (this.#running < concurrency) {
      const suspect = this.#suspects.shift();
      if (suspect) {
        if (!suspect.signal?.aborted) void this.#run([suspect]);
        continue;
      }
      const [oldest] = this.#queue;
      if (!oldest) return;
      const remainingMs = oldest.enqueuedAt + maxDelayMs - performance.now();
      if (this.#queue.length < maxBatch && remainingMs > 0) {
        this.#timer = setTimeout(() => this.#schedule(), remainingMs);
        return;
      }
      void this.#run(this.#queue.splice(0, maxBatch));
    }
  }

  async #run(batch: readonly Entry<Item, Result>[]): Promise<void> {
    const startedAt = performance.now();
    const controller = new AbortController();
    let wanted = batch.length;
    for (const entry of batch) {
      entry.leave = () => {
        entry.reject(entry.signal?.reason);
        wanted -= 1;
        if (wanted === 0) controller.abort(entry.signal?.reason);
      };
    }
    this.#running += 1;
    let isOver = true;
    try {
      const items = batch.map(({ item }) => item);
      const results = await this.#options.runBatch(items, controller.signal);
      if (results.length !== batch.length) throw new RangeError(`${results.length} results for ${batch.length} items.`);
      batch.forEach(({ enqueuedAt, resolve }, index) => {
        const queueMs = startedAt - enqueuedAt;
        resolve({ value: results[index] as Result, queueMs, batchSize: batch.length });
      });
    } catch (thrown) {
      isOver = batch.length === 1 || InklingError.from(thrown).code !== "internal";
      if (!isOver) this.#suspects.push(...batch);
      else for (const { reject } of batch) reject(thrown);
    } finally {
      if (isOver) for (const { signal, onAbort } of batch) signal?.removeEventListener("abort", onAbort);
      this.#running -= 1;
      this.#schedule();
    }
  }
}
