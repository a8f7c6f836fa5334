import type { Engine, Provider, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { SIDE } from "./pixels";

/** Cells of the 7×7 grid that the encoder lays over a photo. */
export const REGIONS = 49;

/** Models that give the same regions: the encoder of photos, and a smaller one for live pictures, quicker and less exact. */
export type EncoderName = "vision" | "live";

export interface RegionEncoder {
  readonly provider: Provider;
  /**
   * Encodes a batch of photos.
   *
   * @param pixels - float32 [3, 224, 224] each, RGB, 0 to 1
   * @param signal - checked before the run
   * @returns float32 [batch, 49, C]: one vector for each cell of a 7×7 grid over the photo, row by row
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  encode(pixels: readonly Float32Array[], signal?: AbortSignal): Promise<Tensor>;
}

/**
 * Loads an encoder; by default the one that captioning and question answering share.
 *
 * @throws as `Engine.load` does
 */
export async function createRegionEncoder(engine: Engine, name: EncoderName = "vision"): Promise<RegionEncoder> {
  const session = await engine.load(`${name}/encoder.onnx`);
  return {
    provider: session.provider,
    async encode(pixels, signal) {
      const size = 3 * SIDE * SIDE;
      const data = new Float32Array(pixels.length * size);
      pixels.forEach((photo, index) => {
        data.set(photo, index * size);
      });
      const dims = [pixels.length, 3, SIDE, SIDE];
      const { regions } = await session.run({ pixels: { type: "float32", data, dims } }, signal);
      if (regions === undefined) {
        throw new InklingError(
          "model_unavailable",
          `The ${name} model has no output named regions.`,
          "Export the model again, or restore its files from the repository.",
        );
      }
      return regions;
    },
  };
}
