/** The page's Web Worker: `lib/browser/device-worker.ts` starts it. */
import { createBrowserEngine } from "@/lib/inference/browser-engine";
import { serveTasks } from "@/lib/inference/task-runner";
import { webEndpoint } from "@/lib/inference/worker-protocol";
import { TASKS } from "@/lib/tasks";

serveTasks(webEndpoint(self), (device) => createBrowserEngine({ device }), TASKS);
