/** Every task that a worker serves, on the server and in the browser alike. They run in workers alone. */
import type { CaptionOptions } from "@/lib/captioning/options";
import { type Caption, createCaptioner, type EncodedPhotos } from "@/lib/captioning/pipeline";
import type { Engine, Tensor } from "@/lib/inference/engine";
import type { Task, Tasks } from "@/lib/inference/task-runner";
import { createRegionEncoder } from "@/lib/vision/encoder";
import { SIDE } from "@/lib/vision/pixels";
import {
  type Answerer,
  createAnswerer,
  type PhotoAnswer,
  type PhotoQuestion,
  type PreparedPhoto,
} from "@/lib/vqa/pipeline";

/** One black photo, to run a model once on. */
const BLANK = new Float32Array(3 * SIDE * SIDE);

/** Pixels (float32 [3, 224, 224] a photo, RGB, 0 to 1) to regions (float32 [batch, 49, C]). */
const encode: Task<{ readonly pixels: readonly Float32Array[] }, Tensor> = {
  models: ["vision"],
  async create(engine) {
    const encoder = await createRegionEncoder(engine);
    await encoder.encode([BLANK]);
    return ({ pixels }, { signal }) => encoder.encode(pixels, signal);
  },
};

/** Encoded photos to captions, best first, for each photo. */
const generate: Task<{ readonly photos: EncodedPhotos; readonly options: readonly CaptionOptions[] }, Caption[][]> = {
  models: ["vision", "captioning"],
  async create(engine) {
    const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
    await captioner.caption({ regions: await encoder.encode([BLANK]) }, [{}]);
    return ({ photos, options }, { signal }) => captioner.caption(photos, options, signal);
  },
};

/** Regions (float32 [photos, 49, C]) to what answers need of each photo. */
const prepare: Task<{ readonly regions: Tensor }, PreparedPhoto[]> = {
  models: ["vision", "vqa"],
  async create(engine) {
    const { answerer } = await warmAnswerer(engine);
    return ({ regions }, { signal }) => answerer.prepare(regions, signal);
  },
};

/** Questions on prepared photos to an answer for each. */
const answer: Task<
  { readonly photos: readonly PreparedPhoto[]; readonly questions: readonly PhotoQuestion[] },
  PhotoAnswer[]
> = {
  models: ["vision", "vqa"],
  async create(engine) {
    const { answerer, photos } = await warmAnswerer(engine);
    await answerer.answer(photos, [{ question: "what is this", photo: 0 }]);
    return ({ photos, questions }, { signal }) => answerer.answer(photos, questions, signal);
  },
};

async function warmAnswerer(engine: Engine): Promise<{ answerer: Answerer; photos: PreparedPhoto[] }> {
  const regions = await (await createRegionEncoder(engine)).encode([BLANK]);
  const answerer = await createAnswerer(engine, regions.dims[2] as number);
  return { answerer, photos: await answerer.prepare(regions) };
}

export const TASKS = {
  "vision.encode": encode,
  "captioning.generate": generate,
  "vqa.prepare": prepare,
  "vqa.answer": answer,
} satisfies Tasks;
