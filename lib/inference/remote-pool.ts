/** What `node-pool.ts` is where the models run on another server: the tasks run here, and call it. */
import type { Engine } from "./engine";
import type { NodePoolStatus } from "./node-pool";
import type { OipClient } from "./oip/client";
import { PromiseCache } from "./promise-cache";
import type { PayloadOf, ResultOf, RunTask, Tasks } from "./task-runner";
import type { RunOptions } from "./worker-client";
import type { Ready } from "./worker-protocol";

export interface RemotePoolOptions<Registry extends Tasks> {
  readonly client: OipClient;
  /** Runs graphs on the server that `client` calls. */
  readonly engine: Engine;
  readonly registry: Registry;
  /** Tasks that are made before the pool is ready. */
  readonly tasks: readonly (keyof Registry & string)[];
}

/** How long an answer shows that the server is well, in milliseconds; after that it is asked. */
const TRUSTED_MS = 2_000;

/** @typeParam Registry - types payloads and results by the tasks' names */
export class RemotePool<Registry extends Tasks> {
  readonly #options: RemotePoolOptions<Registry>;
  readonly #built = new PromiseCache<RunTask<never, unknown>>();
  #running = 0;
  readonly #loaded = new Set<keyof Registry & string>();
  #isReady = false;

  constructor(options: RemotePoolOptions<Registry>) {
    this.#options = options;
    // Whoever asks for something is told; here it is only begun.
    this.ready().catch(() => {});
  }

  /**
   * Resolves once every task has what it needs of the server, and the server is well.
   *
   * @throws `InklingError` as `OipClient.infer` does
   */
  async ready(): Promise<Ready> {
    const { client, tasks } = this.#options;
    this.#isReady = false;
    if (performance.now() - client.lastAnswerAt > TRUSTED_MS) await client.assertReady();
    await Promise.all(tasks.map((name) => this.#build(name).then(() => this.#loaded.add(name))));
    this.#isReady = true;
    return this.where;
  }

  /** Tasks whose models the server was found to have. */
  get loaded(): ReadonlySet<keyof Registry & string> {
    return this.#loaded;
  }

  get where(): Ready {
    return { provider: "remote" };
  }

  get status(): NodePoolStatus {
    // Calls take no thread of this process: any number may be under way, and none makes it busy.
    return { ready: Number(this.#isReady), busy: 0, running: this.#running, waiting: 0, restarts: 0 };
  }

  /**
   * Runs one task: one call, or several for what is not one graph.
   *
   * @throws `InklingError`, or the signal's reason
   */
  async runTask<Name extends keyof Registry & string>(
    name: Name,
    payload: PayloadOf<Registry[Name]>,
    { signal = new AbortController().signal, onPartial = () => {} }: Omit<RunOptions, "transfer"> = {},
  ): Promise<ResultOf<Registry[Name]>> {
    signal.throwIfAborted();
    this.#running += 1;
    try {
      const run = (await this.#build(name, signal)) as RunTask<unknown, unknown>;
      return (await run(payload, { signal, onPartial })) as ResultOf<Registry[Name]>;
    } finally {
      this.#running -= 1;
    }
  }

  /** @returns true: there are no workers that might go on */
  async dispose(): Promise<boolean> {
    this.#built.clear();
    await this.#options.engine.dispose();
    await this.#options.client.dispose();
    return true;
  }

  #build(name: string, signal?: AbortSignal): Promise<RunTask<never, unknown>> {
    const { registry, engine } = this.#options;
    return this.#built.get(name, (shared) => (registry[name] as Registry[string]).create(engine, shared), signal);
  }
}
