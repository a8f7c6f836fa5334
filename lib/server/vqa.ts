/** Question answering on the server: the questions of all clients who ask at the same time, on whatever photos, together. */
import { env } from "@/lib/env";
import type { Provider } from "@/lib/inference/engine";
import { readVerified } from "@/lib/inference/models-directory";
import { PromiseCache } from "@/lib/inference/promise-cache";
import { Scheduler } from "@/lib/inference/scheduler";
import { REGIONS } from "@/lib/vision/encoder";
import type { EncodedImage } from "@/lib/vision/region-cache";
import type { PhotoAnswer, PhotoQuestion, PreparedPhoto } from "@/lib/vqa/pipeline";
import { parseVocabulary, type Vocabulary } from "@/lib/vqa/vocabulary";
import { findServed } from "./manifest";
import { observeBatch, observeStages, roundTimings } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";
import { encodeUpload, findEncoded } from "./regions";

type Question = Omit<PhotoQuestion, "photo">;

export interface AnsweredQuestion extends PhotoAnswer {
  readonly image: { readonly sha256: string; readonly width: number; readonly height: number };
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "decode" | "encode" | "answer" | "total", number>>;
}

interface Item {
  /** As the region cache holds them: the same photo is the same object. */
  readonly regions: EncodedImage["regions"];
  readonly question: Question;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as {
  inklingQuestions?: Scheduler<Item, PhotoAnswer>;
  /** Kept beside a photo's regions, and let go with them. */
  inklingPrepared?: WeakMap<EncodedImage["regions"], PreparedPhoto>;
};

const vocabularies = new PromiseCache<Vocabulary>();

export function getQuestionScheduler(): Scheduler<Item, PhotoAnswer> {
  shared.inklingQuestions ??= new Scheduler({
    ...QUEUE_SETTINGS,
    runBatch: answerBatch,
  });
  return shared.inklingQuestions;
}

/**
 * Answers a question about an image file, or about one that was sent before.
 *
 * @param image - the file's bytes, or its SHA-256
 * @throws `InklingError` as `DecodePixels` does, `image_not_cached`, `model_unavailable`, `overloaded` when a queue is full, or
 *   the signal's reason
 */
export async function answerQuestion(
  image: Uint8Array<ArrayBuffer> | string,
  question: Question,
  signal: AbortSignal,
): Promise<AnsweredQuestion> {
  const startedAt = performance.now();
  const model = await findServed("vqa", "vision");
  const encoded = typeof image === "string" ? findEncoded(image) : await encodeUpload(image, false, signal);
  const { regions, sha256, width, height, timings } = encoded;
  const encodedAt = performance.now();
  const { value: answered, queueMs } = await getQuestionScheduler().submit({ regions, question }, signal);
  const { provider } = getPool().where;
  const finishedAt = performance.now();
  const milliseconds = {
    queue: timings.queue + queueMs,
    decode: timings.decode,
    encode: timings.encode,
    answer: finishedAt - encodedAt - queueMs,
    total: finishedAt - startedAt,
  };
  observeStages("vqa", milliseconds);
  return {
    ...answered,
    image: { sha256, width, height },
    model: { name: "vqa", sha256: model.sha256 },
    provider,
    timings: roundTimings(milliseconds),
  };
}

/**
 * What can be asked and answered.
 *
 * @throws `InklingError` with code `model_unavailable`; the next call tries again
 */
export function getAnswerVocabulary(): Promise<Vocabulary> {
  return vocabularies.get(env.MODELS_DIRECTORY, async () => {
    const file = await readVerified(env.MODELS_DIRECTORY, "vqa/vocabulary.json");
    return parseVocabulary(file.toString("utf8"));
  });
}

async function answerBatch(items: readonly Item[], signal: AbortSignal): Promise<PhotoAnswer[]> {
  observeBatch("vqa", items.length);
  const photos = [...new Set(items.map(({ regions }) => regions))];
  const questions = items.map(({ regions, question }) => ({ ...question, photo: photos.indexOf(regions) }));
  return await getPool().runTask("vqa.answer", { photos: await preparePhotos(photos, signal), questions }, { signal });
}

async function preparePhotos(
  photos: readonly EncodedImage["regions"][],
  signal: AbortSignal,
): Promise<readonly PreparedPhoto[]> {
  shared.inklingPrepared ??= new WeakMap();
  const prepared = shared.inklingPrepared;
  const fresh = photos.filter((regions) => !prepared.has(regions));
  if (fresh.length > 0) {
    const size = fresh[0]?.length ?? 0;
    const data = new Float32Array(fresh.length * size);
    fresh.forEach((regions, photo) => {
      data.set(regions, photo * size);
    });
    const dims = [fresh.length, REGIONS, size / REGIONS];
    const made = await getPool().runTask("vqa.prepare", { regions: { type: "float32", data, dims } }, { signal });
    fresh.forEach((regions, photo) => {
      prepared.set(regions, made[photo] as PreparedPhoto);
    });
  }
  return photos.map((regions) => prepared.get(regions) as PreparedPhoto);
}
