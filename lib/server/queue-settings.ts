import { env } from "@/lib/env";

/** How every model's queue is kept; `Scheduler` says what each means. A request passes two of them at most. */
export const QUEUE_SETTINGS = {
  maxBatch: env.INFERENCE_MAX_BATCH,
  maxDelayMs: env.INFERENCE_MAX_DELAY_MS,
  maxQueue: env.INFERENCE_MAX_QUEUE,
  maxWaitMs: env.REQUEST_DEADLINE_MS / 3,
  concurrency: env.INFERENCE_WORKERS,
};
