import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "@/lib/env";
import { getLog } from "@/lib/http/log";
import type { Provider } from "@/lib/inference/engine";
import { parseManifest } from "@/lib/inference/manifest";
import type { NodeEngineOptions } from "@/lib/inference/node-engine";
import { NodePool, type PoolEvent } from "@/lib/inference/node-pool";
import type { Task } from "@/lib/inference/task-runner";
import { TASKS } from "@/lib/tasks";
import { createRemotePool } from "./remote-pool";

type Pool = Pick<NodePool<typeof TASKS>, "ready" | "loaded" | "status" | "where" | "runTask" | "dispose">;

/** Next bundles each route by itself, so that a module may be there more than once: only globalThis is shared by all. */
const shared = globalThis as { inklingPool?: Pool; inklingOwnPool?: Pool };

/** The one pool of this process; its workers start with the first call. With `INFERENCE_URL` the models run elsewhere. */
export function getPool(): Pool {
  const tasks = presentTasks();
  shared.inklingPool ??= env.INFERENCE_URL
    ? createRemotePool(
        env.INFERENCE_URL,
        tasks.filter((name) => !RUN_HERE.includes(name)),
      )
    : createNodePool(tasks);
  return shared.inklingPool;
}

/** The pool of what is never run elsewhere; the one pool where nothing is. */
export function getOwnPool(): Pool {
  if (!env.INFERENCE_URL) return getPool();
  shared.inklingOwnPool ??= createNodePool(presentTasks().filter((name) => RUN_HERE.includes(name)));
  return shared.inklingOwnPool;
}

/** Each pool there is: with `INFERENCE_URL` there are two. */
export function getPools(): readonly Pool[] {
  return [...new Set([getPool(), getOwnPool()])];
}

/** What runs each model that is loaded, by the model's name. */
export function loadedModels(): ReadonlyMap<string, Provider> {
  return new Map(
    getPools().flatMap(({ loaded, where }) =>
      [...loaded].flatMap((task) => TASKS[task].models.map((model) => [model, where.provider] as const)),
    ),
  );
}

function createNodePool(tasks: readonly (keyof typeof TASKS)[]): NodePool<typeof TASKS> {
  return new NodePool({
    entry: resolve("build/server-worker.mjs"),
    workers: env.INFERENCE_WORKERS,
    settings: {
      modelsDirectory: resolve(env.MODELS_DIRECTORY),
      device: env.INFERENCE_DEVICE,
      threads: env.INFERENCE_THREADS,
    } satisfies NodeEngineOptions,
    tasks,
    onEvent: report,
  });
}

function report(event: PoolEvent): void {
  if (event.type === "death") {
    const { cause, runs } = event;
    getLog().error({ err: cause, runs }, "A worker died; another is started.");
  } else {
    const { during, provider, fallbackReason } = event;
    // Most machines have no GPU: that is no warning.
    getLog()[during === "start" ? "info" : "warn"]({ provider }, fallbackReason);
  }
}

/** What the server's workers do; the browser's worker writes whole texts with `handwriting.write`. */
const SERVED = [
  "vision.encode",
  "captioning.generate",
  "vqa.prepare",
  "vqa.answer",
  "handwriting.chunk",
  "handwriting.prepare",
  "stories.answer",
  "language.chunk",
  "translation.translate",
] as const satisfies readonly (keyof typeof TASKS)[];

/** Searches that would call another server for each token, with graphs of a few MB. */
const RUN_HERE: readonly (keyof typeof TASKS)[] = ["translation.translate"];

/** The models that these need. */
export const SERVED_MODELS: readonly string[] = [
  ...new Set(SERVED.flatMap((name) => (TASKS[name] as Task<never, unknown>).models)),
];

/** Those whose models there are: a server without one of the models does everything else. */
function presentTasks(): readonly (keyof typeof TASKS)[] {
  let models: Readonly<Record<string, unknown>>;
  try {
    models = parseManifest(readFileSync(join(env.MODELS_DIRECTORY, "manifest.json"), "utf8")).models;
  } catch {
    // Each task says what is wrong with the manifest, and works once it is restored.
    return SERVED;
  }
  return SERVED.filter((name) => (TASKS[name] as Task<never, unknown>).models.every((model) => model in models));
}
