/** Entry of the server's workers: `scripts/build.mjs` bundles it to `build/server-worker.mjs`. */
import { workerData } from "node:worker_threads";
import { createNodeEngine, type NodeEngineOptions } from "@/lib/inference/node-engine";
import { serveOnThread } from "@/lib/inference/node-worker";
import { TASKS } from "@/lib/tasks";

serveOnThread(() => createNodeEngine(workerData as NodeEngineOptions), TASKS);
