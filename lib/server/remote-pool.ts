import { resolve } from "node:path";
import { captionRemotely } from "@/lib/captioning/remote";
import { env } from "@/lib/env";
import { OipClient } from "@/lib/inference/oip/client";
import { createRemoteEngine } from "@/lib/inference/remote-engine";
import { RemotePool } from "@/lib/inference/remote-pool";
import { CAPTIONING, oipName } from "@/lib/oip-models";
import { TASKS } from "@/lib/tasks";

/** Each model's queue calls as often at a time as there would be workers. */
const QUEUES = 5;

/**
 * The pool of a server whose models run elsewhere. All tasks are those of the workers but one: a search over captions would call a
 * graph for every word, and is called as a whole.
 *
 * @param urls - of the servers that have the models
 * @param tasks - that there are models for
 */
export function createRemotePool(
  urls: readonly string[],
  tasks: readonly (keyof typeof TASKS)[],
): RemotePool<typeof TASKS> {
  const client = new OipClient({
    urls,
    connections: QUEUES * env.INFERENCE_WORKERS,
    timeoutMs: env.INFERENCE_TIMEOUT_MS,
  });
  const generate: (typeof TASKS)["captioning.generate"] = {
    models: TASKS["captioning.generate"].models,
    async create() {
      // That it is there, and no more: a photo to warm it up with would first have to be encoded.
      await client.describe(CAPTIONING);
      return ({ photos, options }, { signal }) => captionRemotely(client, CAPTIONING, photos, options, signal);
    },
  };
  return new RemotePool({
    client,
    engine: createRemoteEngine({ client, modelsDirectory: resolve(env.MODELS_DIRECTORY), nameOf: oipName }),
    registry: { ...TASKS, "captioning.generate": generate },
    tasks,
  });
}
