import { InklingError } from "@/lib/inference/errors";
import { WorkerClient } from "@/lib/inference/worker-client";
import { webEndpoint } from "@/lib/inference/worker-protocol";
import type { TASKS } from "@/lib/tasks";

export interface DeviceWorker {
  readonly client: WorkerClient<typeof TASKS>;
  /** Ends the worker at once and gives its memory back; what is under way is rejected. */
  terminate(): void;
}

/**
 * Starts the Web Worker that runs models on this device. Nothing is downloaded before `client.load`.
 *
 * @example
 * const { client, terminate } = startDeviceWorker();
 * const { provider } = await client.load(["vision.encode", "captioning.generate"], { onProgress, signal });
 * const regions = await client.run("vision.encode", { pixels: [pixels] }, { signal });
 */
export function startDeviceWorker(): DeviceWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const client = new WorkerClient<typeof TASKS>(webEndpoint(worker));
  const fail = (detail: string, cause?: unknown) => {
    client.fail(new InklingError("internal", detail, "Run it on the server instead, or load it again.", { cause }));
    worker.terminate();
  };
  worker.addEventListener("error", ({ message }) => fail("The worker of this page stopped.", new Error(message)));
  return { client, terminate: () => fail("The worker of this page was ended.") };
}
