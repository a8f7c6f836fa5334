/** The worker's side of `worker-protocol.ts`: holds one engine and runs tasks on it. */
import type { Engine } from "./engine";
import { InklingError, isAbortError } from "./errors";
import { PromiseCache } from "./promise-cache";
import type { BrowserDevice, Endpoint, Ready, WorkerRequest, WorkerResponse } from "./worker-protocol";

export interface TaskContext {
  /** Aborted when whoever asked has gone away; a task checks it between runs of its graphs. */
  readonly signal: AbortSignal;
  /** Hands over a part of the result before the rest is done. */
  readonly onPartial: (value: unknown) => void;
}

/** A task that is ready: payload in, result out; both must survive a structured clone. */
export type RunTask<Payload, Result> = (payload: Payload, context: TaskContext) => Promise<Result>;

export interface Task<Payload, Result> {
  /** Models of the manifest that the task runs. */
  readonly models: readonly string[];
  /**
   * Builds the task's pipeline, once for each engine, and runs it once on anything: the first run is 2 to 4 times
   * slower than those that follow.
   */
  create(engine: Engine, signal: AbortSignal): Promise<RunTask<Payload, Result>>;
}

/** Tasks by name, e.g. `captioning.generate`. `never`: payloads of different types stand side by side. */
export type Tasks = Readonly<Record<string, Task<never, unknown>>>;

export type PayloadOf<Each> = Each extends Task<infer Payload, unknown> ? Payload : never;
export type ResultOf<Each> = Each extends Task<never, infer Result> ? Result : never;

interface Running {
  readonly engine: Engine;
  readonly device: BrowserDevice;
  readonly tasks: PromiseCache<RunTask<never, unknown>>;
}

/**
 * Serves requests for as long as the worker lives. Called by the worker's entry file, which alone knows the pipelines:
 * `lib/inference` does not import them.
 *
 * @param endpoint - this worker's end of the channel
 * @param createEngine - makes the engine for the device that `load` names
 * @param tasks - what can be run
 *
 * @example
 * // lib/browser/worker.ts
 * serveTasks(webEndpoint(self), (device) => createBrowserEngine({ device }), TASKS);
 */
export function serveTasks(
  endpoint: Endpoint<WorkerResponse, WorkerRequest>,
  createEngine: (device: BrowserDevice) => Engine,
  tasks: Tasks,
): void {
  const controllers = new Map<number, AbortController>();
  let running: Running | undefined;

  async function engineFor(device: BrowserDevice): Promise<Running> {
    if (running && running.device !== device) await disposeEngine();
    running ??= { engine: createEngine(device), device, tasks: new PromiseCache() };
    return running;
  }

  async function disposeEngine(): Promise<void> {
    const disposed = running;
    running = undefined;
    await disposed?.engine.dispose();
  }

  function taskNamed(name: string): Task<never, unknown> {
    const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
    if (!task) throw new InklingError("internal", `This worker has no task "${name}".`, "Register it in the worker.");
    return task;
  }

  function ready({ engine, tasks: built }: Running, name: string, signal: AbortSignal) {
    return built.get(name, (shared) => taskNamed(name).create(engine, shared), signal);
  }

  async function load({ id, device, tasks: names }: WorkerRequest & { type: "load" }, signal: AbortSignal) {
    const current = await engineFor(device);
    const models = [...new Set(names.flatMap((name) => taskNamed(name).models))];
    await current.engine.prepare(models, {
      signal,
      onProgress: (progress) => endpoint.send({ type: "progress", id, ...progress }),
    });
    for (const name of names) await ready(current, name, signal);
    const where = whereOf(current.engine);
    if (!where) throw new InklingError("internal", "No model has been loaded.", "Name a task that has a model.");
    endpoint.send({ type: "ready", id, ...where });
  }

  async function run({ id, task, payload }: WorkerRequest & { type: "run" }, signal: AbortSignal) {
    const current = running ?? (await engineFor("auto"));
    // Whoever sends a payload knows the task's type by its name; here it is only handed on.
    const runTask = (await ready(current, task, signal)) as RunTask<unknown, unknown>;
    const value = await runTask(payload, {
      signal,
      onPartial: (part) => endpoint.send({ type: "partial", id, value: part }),
    });
    signal.throwIfAborted();
    endpoint.send({ type: "result", id, value, where: whereOf(current.engine) });
  }

  async function answer(request: Exclude<WorkerRequest, { type: "cancel" }>): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    controllers.set(id, controller);
    try {
      if (request.type === "load") await load(request, controller.signal);
      else if (request.type === "run") await run(request, controller.signal);
      else {
        await disposeEngine();
        endpoint.send({ type: "result", id, value: null });
      }
    } catch (thrown) {
      endpoint.send({ type: "error", id, ...describe(thrown, controller.signal) });
    } finally {
      controllers.delete(id);
    }
  }

  endpoint.onMessage((request) => {
    if (request.type === "cancel") controllers.get(request.id)?.abort();
    else void answer(request);
  });
}

function whereOf({ provider, fallbackReason }: Engine): Ready | undefined {
  return provider && { provider, fallbackReason };
}

function describe(thrown: unknown, signal: AbortSignal) {
  if (signal.aborted && isAbortError(thrown)) return { error: null };
  const error = InklingError.from(thrown);
  return { error: error.toData(), cause: error.cause instanceof Error ? error.cause.stack : undefined };
}
