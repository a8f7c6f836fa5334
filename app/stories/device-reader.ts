/** Questions about stories in this browser, answered as the API does. Loaded when it is first asked for. */
import type { StoriesResponse } from "@/app/api/stories/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { LoadProgress } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { StoryAnswer } from "@/lib/stories/pipeline";
import type { LoadedModel } from "@/lib/ui/run/use-device";
import type { StoryText } from "./story";

export interface LoadedReader extends LoadedModel {
  /** @throws `InklingError`, or the signal's reason */
  answer(asked: StoryText, signal: AbortSignal): Promise<StoriesResponse>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceReader(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedReader> {
  const { client, terminate } = startDeviceWorker();
  try {
    const [ready, manifest] = await Promise.all([
      client.load(["stories.answer"], { signal, onProgress }),
      new ModelDownloads().manifest(),
    ]);
    const model = { name: "stories", sha256: findModel(manifest, "stories").sha256 };
    return {
      ...ready,
      terminate,
      async answer(asked, signal) {
        const start = performance.now();
        const [answered] = await client.run("stories.answer", [asked], { signal });
        const taken = performance.now() - start;
        const timings = { queue: 0, answer: taken, total: taken };
        return { ...(answered as StoryAnswer), model, provider: ready.provider, timings };
      },
    };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
