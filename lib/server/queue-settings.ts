import { env } from "@/lib/env";

/** How every model's queue is kept; `Scheduler` says what each means. */
export const QUEUE_SETTINGS = {
  maxBatch: env.INFERENCE_MAX_BATCH,
  maxDelayMs: env.INFERENCE_MAX_DELAY_MS,
  maxQueue: env.INFERENCE_MAX_QUEUE,
  concurrency: env.INFERENCE_WORKERS,
};
