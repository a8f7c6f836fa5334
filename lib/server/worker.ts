/** Entry of the server's workers: `scripts/build.mjs` bundles it to `build/server-worker.mjs`. */
import { parentPort, workerData } from "node:worker_threads";
import { createNodeEngine, type NodeEngineOptions } from "@/lib/inference/node-engine";
import { serveTasks } from "@/lib/inference/task-runner";
import { nodeEndpoint } from "@/lib/inference/worker-protocol";
import { TASKS } from "@/lib/tasks";

if (!parentPort) throw new Error("This file runs inside a worker: see lib/server/pool.ts.");

serveTasks(nodeEndpoint(parentPort), () => createNodeEngine(workerData as NodeEngineOptions), TASKS);
