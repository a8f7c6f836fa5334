/** Captioning in this browser, answering as the API does. Loaded when it is first asked for. */
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { LoadProgress } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { LoadedModel } from "@/lib/ui/run/use-device";
import { hashImage } from "@/lib/vision/pixels";
import { decodePixels } from "@/lib/vision/pixels.browser";
import { RegionCache } from "@/lib/vision/region-cache";
import type { CaptionSettings } from "./settings";

const TASKS = ["vision.encode", "captioning.generate"] as const;
/** Room for some fifty photos, so that another beam width needs no second look at them. */
const REGION_CACHE_BYTES = 16 * 2 ** 20;

export interface LoadedCaptioner extends LoadedModel {
  /**
   * @throws `InklingError`, or the signal's reason
   */
  caption(photo: Blob, settings: CaptionSettings, signal: AbortSignal): Promise<CaptioningResponse>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceCaptioner(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedCaptioner> {
  const { client, terminate } = startDeviceWorker();
  try {
    const [ready, manifest] = await Promise.all([
      client.load(TASKS, { signal, onProgress }),
      new ModelDownloads().manifest(),
    ]);
    const model = { name: "captioning", sha256: findModel(manifest, "captioning").sha256 };
    const regionCache = new RegionCache(REGION_CACHE_BYTES);

    async function caption(photo: Blob, settings: CaptionSettings, signal: AbortSignal) {
      const start = performance.now();
      const bytes = new Uint8Array(await photo.arrayBuffer());
      const sha256 = await hashImage(bytes);
      let decode = 0;
      let encode = 0;
      const { regions, width, height } = await regionCache.get(
        sha256,
        async (shared) => {
          const before = performance.now();
          const pixels = await decodePixels(bytes, shared);
          decode = performance.now() - before;
          const encoded = await client.run("vision.encode", { pixels: [pixels.data] }, { signal: shared });
          encode = performance.now() - before - decode;
          return { regions: encoded.data as Float32Array<ArrayBuffer>, width: pixels.width, height: pixels.height };
        },
        signal,
      );
      const before = performance.now();
      const [captions = []] = await client.run(
        "captioning.generate",
        {
          regions: { type: "float32", data: regions, dims: [1, 49, regions.length / 49] },
          options: [{ ...settings, attention: true }],
        },
        { signal },
      );
      const end = performance.now();
      return {
        captions: captions as CaptioningResponse["captions"],
        image: { sha256, width, height },
        model,
        provider: ready.provider,
        timings: { queue: 0, decode, encode, generate: end - before, total: end - start },
      };
    }

    return { ...ready, caption, terminate };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
