/** Every task that a worker serves, on the server and in the browser alike. They run in workers alone. */
import type { CaptionOptions } from "@/lib/captioning/options";
import { type Caption, createCaptioner } from "@/lib/captioning/pipeline";
import type { Tensor } from "@/lib/inference/engine";
import type { Task, Tasks } from "@/lib/inference/task-runner";
import { createRegionEncoder } from "@/lib/vision/encoder";
import { SIDE } from "@/lib/vision/pixels";

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

/** Regions (float32 [batch, 49, C]) to captions, best first, for each photo. */
const generate: Task<{ readonly regions: Tensor; readonly options: readonly CaptionOptions[] }, Caption[][]> = {
  models: ["vision", "captioning"],
  async create(engine) {
    const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
    await captioner.caption(await encoder.encode([BLANK]), [{}]);
    return ({ regions, options }, { signal }) => captioner.caption(regions, options, signal);
  },
};

export const TASKS = { "vision.encode": encode, "captioning.generate": generate } satisfies Tasks;
