/** Captioning on the server: encoding, then generation, both batched over the clients who ask at the same time. */

import { type CaptionOptions, isReranked } from "@/lib/captioning/options";
import type { Caption } from "@/lib/captioning/pipeline";
import type { Provider, Tensor } from "@/lib/inference/engine";
import { Scheduler } from "@/lib/inference/scheduler";
import { REGIONS } from "@/lib/vision/encoder";
import { findServed } from "./manifest";
import { observeBatch, observeStages, roundTimings } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";
import { encodeUpload } from "./regions";

export interface CaptionedImage {
  readonly captions: Caption[];
  /** Whether they are ranked by agreement with samples of the decoder. */
  readonly reranked: boolean;
  readonly image: { readonly sha256: string; readonly width: number; readonly height: number };
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "decode" | "encode" | "generate" | "total", number>>;
}

interface Item {
  /** float32 [49, C]. */
  readonly regions: Float32Array;
  /** The same of the mirrored picture, where the captions are re-ranked. */
  readonly mirrored: Float32Array | undefined;
  readonly options: CaptionOptions;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingCaptioning?: Scheduler<Item, Caption[]> };

export function getCaptioningScheduler(): Scheduler<Item, Caption[]> {
  shared.inklingCaptioning ??= new Scheduler({
    ...QUEUE_SETTINGS,
    runBatch: generateBatch,
  });
  return shared.inklingCaptioning;
}

/**
 * Captions one image file.
 *
 * @throws `InklingError` as `DecodePixels` does, `model_unavailable`, `overloaded` when a queue is full, or the signal's reason
 */
export async function captionImage(
  bytes: Uint8Array<ArrayBuffer>,
  options: CaptionOptions,
  signal: AbortSignal,
): Promise<CaptionedImage> {
  const startedAt = performance.now();
  const model = await findServed("captioning", "vision");
  const encoded = await encodeUpload(bytes, isReranked(options), signal);
  const { regions, mirrored, sha256, width, height, timings } = encoded;
  const encodedAt = performance.now();
  const { value: captions, queueMs } = await getCaptioningScheduler().submit({ regions, mirrored, options }, signal);
  const { provider } = getPool().where;
  const finishedAt = performance.now();
  const milliseconds = {
    queue: timings.queue + queueMs,
    decode: timings.decode,
    encode: timings.encode,
    generate: finishedAt - encodedAt - queueMs,
    total: finishedAt - startedAt,
  };
  observeStages("captioning", milliseconds);
  return {
    captions,
    reranked: isReranked(options),
    image: { sha256, width, height },
    model: { name: "captioning", sha256: model.sha256 },
    provider,
    timings: roundTimings(milliseconds),
  };
}

async function generateBatch(items: readonly Item[], signal: AbortSignal): Promise<Caption[][]> {
  observeBatch("captioning", items.length);
  const mirrored = items.flatMap((item) => item.mirrored ?? []);
  return await getPool().runTask(
    "captioning.generate",
    {
      photos: {
        regions: stack(items.map(({ regions }) => regions)),
        mirrored: mirrored.length > 0 ? stack(mirrored) : undefined,
      },
      options: items.map(({ options }) => options),
    },
    { signal },
  );
}

function stack(regions: readonly Float32Array[]): Tensor {
  const size = regions[0]?.length ?? 0;
  const data = new Float32Array(regions.length * size);
  regions.forEach((each, photo) => {
    data.set(each, photo * size);
  });
  return { type: "float32", data, dims: [regions.length, REGIONS, size / REGIONS] };
}
