/** The inside of a worker of `node-pool.ts`. */
import { parentPort } from "node:worker_threads";
import type { Engine } from "./engine";
import { serveTasks, type Tasks } from "./task-runner";
import { nodeEndpoint } from "./worker-protocol";

/** What the pool sends to a worker that is to end. */
export const EXIT = "exit";

/**
 * Serves the pool until it says that this worker is to end. Called by the workers' entry file.
 *
 * @example
 * // lib/server/worker.ts
 * serveOnThread(() => createNodeEngine(workerData), TASKS);
 */
export function serveOnThread(createEngine: () => Engine, tasks: Tasks): void {
  if (!parentPort) throw new Error("This file runs inside a worker: see node-pool.ts.");
  // A thread that is terminated from outside in the midst of ONNX Runtime's code aborts the whole process: it ends itself, between
  // two runs.
  parentPort.on("message", (message) => {
    if (message === EXIT) process.exit();
  });
  serveTasks(nodeEndpoint(parentPort), createEngine, tasks);
}
