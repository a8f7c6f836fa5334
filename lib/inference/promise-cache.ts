interface Entry<Value> {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
  settled: boolean;
}

/**
 * Memoised promises by key: callers that ask for the same thing at the same time share one piece of work. A failed
 * promise evicts itself, so that the next caller tries again; the work is aborted when its last caller has gone away.
 */
export class PromiseCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();

  /**
   * @param key - what is asked for
   * @param create - makes it; its signal is aborted when every caller's is
   * @param signal - this caller's own
   * @throws what `create` throws, or this caller's abort reason
   */
  async get(key: string, create: (signal: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const entry = this.#entries.get(key) ?? this.#start(key, create);
    entry.waiting += 1;
    if (entry.settled || !signal) return entry.promise;
    return await new Promise<Value>((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        entry.waiting -= 1;
        if (entry.waiting > 0 || entry.settled) return;
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        entry.controller.abort(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      entry.promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  }

  /** Forgets one promise; who waits for it still gets it. */
  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Forgets everything and returns what had been asked for. */
  clear(): Promise<Value>[] {
    const promises = [...this.#entries.values()].map(({ promise }) => promise);
    this.#entries.clear();
    return promises;
  }

  #start(key: string, create: (signal: AbortSignal) => Promise<Value>): Entry<Value> {
    const controller = new AbortController();
    const entry: Entry<Value> = { promise: create(controller.signal), controller, waiting: 0, settled: false };
    this.#entries.set(key, entry);
    entry.promise.then(
      () => {
        entry.settled = true;
      },
      () => {
        entry.settled = true;
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }
}
