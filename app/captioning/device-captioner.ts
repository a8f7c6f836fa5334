/** Captioning in this browser, answering as the API does. Loaded when it is first asked for. */
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import { isReranked } from "@/lib/captioning/options";
import type { LoadProgress, Tensor } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { LoadedModel } from "@/lib/ui/run/use-device";
import { REGIONS } from "@/lib/vision/encoder";
import { hashImage, mirrorPixels, type Pixels } from "@/lib/vision/pixels";
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
      let decoded: Promise<Pixels> | undefined;
      const view = (key: string, look: (data: Pixels["data"]) => Pixels["data"]) =>
        regionCache.get(
          key,
          async (shared) => {
            const before = performance.now();
            decoded ??= decodePixels(bytes, shared);
            const { data, width, height } = await decoded;
            const after = performance.now();
            const regions = await client.run("vision.encode", { pixels: [look(data)] }, { signal: shared });
            decode = Math.max(decode, after - before);
            encode = Math.max(encode, performance.now() - after);
            return { regions: regions.data as Float32Array<ArrayBuffer>, width, height };
          },
          signal,
        );
      const [{ regions, width, height }, mirrored] = await Promise.all([
        view(sha256, (data) => data),
        isReranked(settings) ? view(`${sha256} in the mirror`, mirrorPixels) : undefined,
      ]);
      const before = performance.now();
      const [captions = []] = await client.run(
        "captioning.generate",
        {
          photos: { regions: tensor(regions), mirrored: mirrored && tensor(mirrored.regions) },
          options: [{ ...settings, attention: true }],
        },
        { signal },
      );
      const end = performance.now();
      return {
        captions: captions as CaptioningResponse["captions"],
        reranked: isReranked(settings),
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

/** @param regions - float32 [49, C] of one photo */
function tensor(regions: Float32Array): Tensor {
  return { type: "float32", data: regions, dims: [1, REGIONS, regions.length / REGIONS] };
}
