/** Question answering in this browser, answering as the API does. Loaded when it is first asked for. */
import type { VqaResponse } from "@/app/api/vqa/schema";
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { LoadProgress } from "@/lib/inference/engine";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { LoadedModel } from "@/lib/ui/run/use-device";
import { hashImage } from "@/lib/vision/pixels";
import { decodePixels } from "@/lib/vision/pixels.browser";
import type { PreparedPhoto } from "@/lib/vqa/pipeline";

const TASKS = ["vision.encode", "vqa.prepare", "vqa.answer"] as const;

/** All that a question needs of a photo. */
export interface DevicePhoto {
  readonly prepared: PreparedPhoto;
  readonly image: VqaResponse["image"];
  /** Milliseconds that it took. */
  readonly timings: { readonly decode: number; readonly encode: number };
}

export interface LoadedAnswerer extends LoadedModel {
  /**
   * Looks at a photo, once for all questions on it.
   *
   * @throws `InklingError`, or the signal's reason
   */
  prepare(photo: Blob, signal: AbortSignal): Promise<DevicePhoto>;
  /**
   * @throws `InklingError`, or the signal's reason
   */
  answer(photo: DevicePhoto, question: string, signal: AbortSignal): Promise<VqaResponse>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceAnswerer(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedAnswerer> {
  const { client, terminate } = startDeviceWorker();
  try {
    const [ready, manifest] = await Promise.all([
      client.load(TASKS, { signal, onProgress }),
      new ModelDownloads().manifest(),
    ]);
    const model = { name: "vqa", sha256: findModel(manifest, "vqa").sha256 };

    async function prepare(photo: Blob, signal: AbortSignal): Promise<DevicePhoto> {
      const start = performance.now();
      const bytes = new Uint8Array(await photo.arrayBuffer());
      const [sha256, pixels] = await Promise.all([hashImage(bytes), decodePixels(bytes, signal)]);
      const decoded = performance.now();
      const regions = await client.run("vision.encode", { pixels: [pixels.data] }, { signal });
      const [prepared] = await client.run("vqa.prepare", { regions }, { signal });
      return {
        prepared: prepared as PreparedPhoto,
        image: { sha256, width: pixels.width, height: pixels.height },
        timings: { decode: decoded - start, encode: performance.now() - decoded },
      };
    }

    async function answer({ prepared, image }: DevicePhoto, question: string, signal: AbortSignal) {
      const start = performance.now();
      const questions = [{ question, photo: 0, attention: true }];
      const [answered] = await client.run("vqa.answer", { photos: [prepared], questions }, { signal });
      const taken = performance.now() - start;
      return {
        ...(answered as NonNullable<typeof answered>),
        image,
        model,
        provider: ready.provider,
        timings: { queue: 0, decode: 0, encode: 0, answer: taken, total: taken },
      };
    }

    return { ...ready, prepare, answer, terminate };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
