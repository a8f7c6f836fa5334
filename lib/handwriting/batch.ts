import { InklingError } from "@/lib/inference/errors";
import { FairQueue } from "@/lib/inference/fair-queue";
import type { ChunkResult, ChunkRow, WriteChunk } from "./chunk";

/** What is written in chunks: a `Line`. */
export interface BatchLine {
  nextRow(): ChunkRow;
  /** Takes what a chunk has written; returns whether the line is finished. */
  accept(result: ChunkResult): boolean;
}

export interface BatchOptions {
  /** Lines written together at most. */
  readonly maxRows: number;
  /** Lines that may wait for a place among these; a request whose lines would be more is refused with `overloaded`. */
  readonly maxWaiting: number;
  /** Chunks under way at the same time: as many as there are workers. */
  readonly concurrency: number;
  readonly writeChunk: WriteChunk;
}

export interface BatchContext {
  /** Takes the lines out, at the latest when the chunk under way is done. */
  readonly signal?: AbortSignal;
  /** Called after each chunk that wrote on any of the lines. */
  readonly onProgress?: () => void;
}

/** Lines that were handed over together. */
interface Group {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly context: BatchContext;
  /** Lines that are not finished. */
  remaining: number;
  /** Whether nobody waits for it any longer. */
  isOver: boolean;
  readonly settle: (reason?: unknown) => void;
  startedAt?: number;
}

interface Entry {
  readonly line: BatchLine;
  group: Group;
}

/**
 * Writes the lines of all requests together (continuous batching): at each chunk's end finished lines leave, and the next chunk has
 * lines of each request in turn, so that one line does not wait for the many of another. A line's numbers do not depend on what is written beside it (`chunk.ts`, `noise.ts`).
 *
 * @example
 * const batch = new ContinuousBatch({ maxRows: 32, maxWaiting: 256, concurrency: 1, writeChunk });
 * await batch.write(lines, { signal: request.signal });
 */
export class ContinuousBatch {
  readonly #options: BatchOptions;
  /** Lines of which no chunk is under way, by their group: first those that were begun. */
  readonly #ready = new FairQueue<Entry>();
  /** Lines of a chunk that failed, by themselves: only the request that makes it fail is to fail. */
  readonly #suspects: (readonly Entry[])[] = [];
  #running = 0;
  #lastId = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  /** Lines that are not in a chunk under way. */
  get waiting(): number {
    return this.#ready.size;
  }

  /** Chunks under way. */
  get running(): number {
    return this.#running;
  }

  /**
   * Writes lines to their ends.
   *
   * @returns how long they waited for the first chunk, in milliseconds
   * @throws `InklingError` with code `overloaded`, what `writeChunk` throws, or the signal's reason
   */
  async write(lines: readonly BatchLine[], context: BatchContext = {}): Promise<{ queueMs: number }> {
    context.signal?.throwIfAborted();
    if (this.#ready.size > 0 && this.#ready.size + lines.length > this.#options.maxWaiting) {
      throw new InklingError(
        "overloaded",
        `${this.#ready.size} lines are waiting to be written already.`,
        "Try again in a few seconds.",
      );
    }
    const enqueuedAt = performance.now();
    const { promise, group } = this.#group(lines, context);
    const leave = () => group.settle(context.signal?.reason);
    context.signal?.addEventListener("abort", leave, { once: true });
    try {
      for (const entry of group.entries) this.#ready.push(group.id, entry);
      this.#dispatch();
      await promise;
      return { queueMs: (group.startedAt ?? enqueuedAt) - enqueuedAt };
    } finally {
      context.signal?.removeEventListener("abort", leave);
    }
  }

  #group(lines: readonly BatchLine[], context: BatchContext): { promise: Promise<void>; group: Group } {
    const entries = lines.map((line) => ({ line }) as Entry);
    let group!: Group;
    const promise = new Promise<void>((resolve, reject) => {
      const settle = (reason?: unknown) => {
        if (group.isOver) return;
        group.isOver = true;
        if (group.remaining === 0) resolve();
        else reject(reason);
        for (const entry of entries) this.#ready.remove(group.id, entry);
        this.#cancelIdle();
      };
      group = { id: String(++this.#lastId), entries, context, remaining: lines.length, isOver: false, settle };
    });
    for (const entry of entries) entry.group = group;
    return { promise, group };
  }

  /** Chunks under way with what stops them. */
  readonly #chunks = new Map<AbortController, readonly Entry[]>();

  /** Stops the chunks that nobody waits for. */
  #cancelIdle(): void {
    for (const [controller, entries] of this.#chunks) {
      if (entries.every(({ group }) => group.isOver)) controller.abort();
    }
  }

  #dispatch(): void {
    const { concurrency, maxRows } = this.#options;
    while (this.#running < concurrency && this.#suspects.length + this.#ready.size > 0) {
      const share = Math.ceil(this.#ready.size / (concurrency - this.#running));
      const entries = this.#suspects.shift() ?? this.#ready.take(Math.min(maxRows, share));
      const wanted = entries.filter(({ group }) => !group.isOver);
      if (wanted.length > 0) void this.#run(wanted);
    }
  }

  async #run(entries: readonly Entry[]): Promise<void> {
    const controller = new AbortController();
    this.#running += 1;
    this.#chunks.set(controller, entries);
    const groups = new Set(entries.map(({ group }) => group));
    for (const group of groups) group.startedAt ??= performance.now();
    try {
      const results = await this.#options.writeChunk(
        entries.map(({ line }) => line.nextRow()),
        controller.signal,
      );
      this.#accept(entries, results);
    } catch (thrown) {
      const isInternal = InklingError.from(thrown).code === "internal";
      for (const group of groups) {
        if (groups.size === 1 || !isInternal) group.settle(thrown);
        else this.#suspects.push(entries.filter((entry) => entry.group === group));
      }
    } finally {
      this.#chunks.delete(controller);
      this.#running -= 1;
      this.#dispatch();
    }
  }

  #accept(entries: readonly Entry[], results: readonly ChunkResult[]): void {
    const unfinished = entries.filter(({ line, group }, index) => {
      if (group.isOver) return false;
      if (!line.accept(results[index] as ChunkResult)) return true;
      group.remaining -= 1;
      return false;
    });
    for (const group of new Set(entries.map((entry) => entry.group))) {
      this.#ready.unshift(group.id, ...unfinished.filter((entry) => entry.group === group));
      if (group.isOver) continue;
      group.context.onProgress?.();
      if (group.remaining === 0) group.settle();
    }
  }
}
