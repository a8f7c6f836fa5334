/** The language model in this browser, answering as the API does. Loaded when it is first asked for. */
import type { LanguageResponse } from "@/app/api/language/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { LoadProgress } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { LanguageRequest, ReadCharacter } from "@/lib/language/pipeline";
import type { LoadedModel } from "@/lib/ui/run/use-device";

export interface LoadedLanguage extends LoadedModel {
  /**
   * @param onPart - takes what has been read and written, chunk by chunk
   * @throws `InklingError`, or the signal's reason
   */
  write(
    request: LanguageRequest,
    signal: AbortSignal,
    onPart: (part: readonly ReadCharacter[]) => void,
  ): Promise<LanguageResponse>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceModel(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedLanguage> {
  const { client, terminate } = startDeviceWorker();
  try {
    const [ready, manifest] = await Promise.all([
      client.load(["language.continue"], { signal, onProgress }),
      new ModelDownloads().manifest(),
    ]);
    const model = { name: "language", sha256: findModel(manifest, "language").sha256 };
    return {
      ...ready,
      terminate,
      async write(request, signal, onPart) {
        const start = performance.now();
        const onPartial = (part: unknown) => onPart(part as readonly ReadCharacter[]);
        const written = await client.run("language.continue", request, { signal, onPartial });
        const taken = performance.now() - start;
        const timings = { queue: 0, write: taken, total: taken };
        return { ...written, model, provider: ready.provider, timings };
      },
    };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
