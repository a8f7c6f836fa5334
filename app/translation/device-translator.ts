/** Translation in this browser, answered as the API does. Loaded when it is first asked for. */
import type { TranslationResponse } from "@/app/api/translation/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { LoadProgress } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { TranslationRequest } from "@/lib/translation/options";
import type { Translated } from "@/lib/translation/pipeline";
import type { LoadedModel } from "@/lib/ui/run/use-device";

export interface LoadedTranslator extends LoadedModel {
  /** @throws `InklingError`, or the signal's reason */
  translate(request: TranslationRequest, signal: AbortSignal): Promise<TranslationResponse>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceTranslator(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedTranslator> {
  const { client, terminate } = startDeviceWorker();
  try {
    const [ready, manifest] = await Promise.all([
      client.load(["translation.translate"], { signal, onProgress }),
      new ModelDownloads().manifest(),
    ]);
    const model = { name: "translation", sha256: findModel(manifest, "translation").sha256 };
    return {
      ...ready,
      terminate,
      async translate(request, signal) {
        const start = performance.now();
        const [translated] = await client.run("translation.translate", [request], { signal });
        const taken = performance.now() - start;
        const timings = { queue: 0, translate: taken, total: taken };
        return { ...(translated as Translated), model, provider: ready.provider, timings };
      },
    };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
