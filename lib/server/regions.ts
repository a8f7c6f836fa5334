/** Photos to regions on the server: decoded, batched, encoded by the pool, and kept. */
import { availableParallelism } from "node:os";
import PQueue from "p-queue";
import { env } from "@/lib/env";
import { InklingError } from "@/lib/inference/errors";
import { Scheduler } from "@/lib/inference/scheduler";
import { hashImage, mirrorPixels, type Pixels } from "@/lib/vision/pixels";
import { decodePixels } from "@/lib/vision/pixels.node";
import { type EncodedImage, RegionCache } from "@/lib/vision/region-cache";
import { observeBatch } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";

export interface EncodedUpload extends EncodedImage {
  /** float32 [49, C] of the mirrored picture, where it was asked for. */
  readonly mirrored?: EncodedImage["regions"] | undefined;
  /** SHA-256 of the bytes received. */
  readonly sha256: string;
  /** Milliseconds. `decode` and `encode` are 0 when the photo's regions were kept from before. */
  readonly timings: { readonly queue: number; readonly decode: number; readonly encode: number };
}

interface Encoding {
  readonly cache: RegionCache;
  readonly scheduler: Scheduler<Pixels["data"], EncodedImage["regions"]>;
  /** Decoding takes memory of the picture's size: no more of it at a time than there are cores. */
  readonly decoding: PQueue;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingEncoding?: Encoding };

export function getEncoding(): Encoding {
  shared.inklingEncoding ??= {
    cache: new RegionCache(env.REGION_CACHE_MIB * 2 ** 20),
    scheduler: new Scheduler({
      ...QUEUE_SETTINGS,
      runBatch: encodeBatch,
    }),
    decoding: new PQueue({ concurrency: availableParallelism() }),
  };
  return shared.inklingEncoding;
}

/**
 * Encodes an image file, unless its regions are kept from before.
 *
 * @param inMirror - whether its mirrored picture is encoded too
 * @throws `InklingError` as `DecodePixels` does, `overloaded` when the queue is full, or the signal's reason
 */
export async function encodeUpload(
  bytes: Uint8Array<ArrayBuffer>,
  inMirror: boolean,
  signal: AbortSignal,
): Promise<EncodedUpload> {
  const { cache, scheduler, decoding } = getEncoding();
  const sha256 = await hashImage(bytes);
  // Of the view that is encoded last: the other's time passes meanwhile.
  const timings = { queue: 0, decode: 0, encode: 0 };
  let decodingQueueMs = 0;
  let decoded: Promise<Pixels> | undefined;

  /** Both views share one decoding. Whoever waits for the mirrored one waits for the other too, unless that is kept. */
  async function decode(sharedSignal: AbortSignal): Promise<Pixels> {
    const arrivedAt = performance.now();
    const pixels = await decoding.add(
      () => {
        decodingQueueMs = performance.now() - arrivedAt;
        return decodePixels(bytes, sharedSignal);
      },
      { signal: sharedSignal },
    );
    timings.decode = performance.now() - arrivedAt - decodingQueueMs;
    return pixels;
  }

  function view(key: string, look: (data: Pixels["data"]) => Pixels["data"]): Promise<EncodedImage> {
    return cache.get(
      key,
      async (sharedSignal) => {
        decoded ??= decode(sharedSignal);
        const { data, width, height } = await decoded;
        const decodedAt = performance.now();
        const { value: regions, queueMs } = await scheduler.submit(look(data), sharedSignal);
        timings.queue = decodingQueueMs + queueMs;
        timings.encode = performance.now() - decodedAt - queueMs;
        return { regions, width, height };
      },
      signal,
    );
  }

  const [image, mirrored] = await Promise.all([
    view(sha256, (data) => data),
    inMirror ? view(`${sha256} in the mirror`, mirrorPixels) : undefined,
  ]);
  return { ...image, mirrored: mirrored?.regions, sha256, timings };
}

/**
 * A photo that was sent before.
 *
 * @throws `InklingError` with code `image_not_cached` when nothing is kept of it
 */
export function findEncoded(sha256: string): EncodedUpload {
  const image = getEncoding().cache.find(sha256);
  if (image) return { ...image, sha256, timings: { queue: 0, decode: 0, encode: 0 } };
  throw new InklingError(
    "image_not_cached",
    `No image with the SHA-256 ${sha256} is kept: it was never sent, or others have taken its place.`,
    "Send the image itself, in the field image.",
  );
}

async function encodeBatch(
  pixels: readonly Pixels["data"][],
  signal: AbortSignal,
): Promise<readonly EncodedImage["regions"][]> {
  observeBatch("vision", pixels.length);
  const { data } = await getPool().runTask("vision.encode", { pixels }, { signal });
  const size = data.length / pixels.length;
  return pixels.map((_, photo) => (data as Float32Array<ArrayBuffer>).slice(photo * size, (photo + 1) * size));
}
