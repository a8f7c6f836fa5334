import { resolve } from "node:path";
import { env } from "@/lib/env";
import type { NodeEngineOptions } from "@/lib/inference/node-engine";
import { NodePool } from "@/lib/inference/node-pool";
import type { TASKS } from "@/lib/tasks";

type Pool = NodePool<typeof TASKS>;

/** Next bundles each route by itself, so that a module may be there more than once: only globalThis is shared by all. */
const shared = globalThis as { inklingPool?: Pool };

/** The one pool of this process; its workers start with the first call. */
export function getPool(): Pool {
  shared.inklingPool ??= new NodePool({
    entry: resolve("build/server-worker.mjs"),
    workers: env.INFERENCE_WORKERS,
    settings: {
      modelsDirectory: resolve(env.MODELS_DIRECTORY),
      device: env.INFERENCE_DEVICE,
      threads: env.INFERENCE_THREADS,
    } satisfies NodeEngineOptions,
    tasks: ["vision.encode", "captioning.generate", "vqa.prepare", "vqa.answer"],
  });
  return shared.inklingPool;
}
