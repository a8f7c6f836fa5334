/** Captions the frames of a live picture: as few of them as can be. */
import type { Engine } from "@/lib/inference/engine";
import { createRegionEncoder, type EncoderName } from "@/lib/vision/encoder";
import type { FrameReader } from "@/lib/vision/frames.browser";
import { CHANGED, difference, type Luminance } from "@/lib/vision/scene";
import type { CaptionOptions } from "../options";
import { type Caption, createCaptioner } from "../pipeline";

export interface FrameRequest<Source> {
  readonly frame: Source;
  /** Of the frame that was captioned last: one that shows the same is not captioned again. */
  readonly previous?: Luminance;
  /** Not re-ranked, which takes several times as long as the rest. */
  readonly options: Omit<CaptionOptions, "rerank" | "attention">;
}

/** What a frame's caption took, in milliseconds. */
export interface FrameTimings {
  /** Reading the frame's pixels. */
  readonly decode: number;
  readonly encode: number;
  readonly generate: number;
  readonly total: number;
}

/** `null` where the frame shows what `previous` did. */
export type FrameAnswer = {
  readonly luminance: Luminance;
  /** Best score first, with attention. */
  readonly captions: readonly Caption[];
  readonly timings: FrameTimings;
} | null;

export type FrameCaptioner<Source> = (request: FrameRequest<Source>, signal?: AbortSignal) => Promise<FrameAnswer>;

/** @throws as `Engine.load` does */
export async function createFrameCaptioner<Source>(
  engine: Engine,
  reader: FrameReader<Source>,
  encoderName: EncoderName,
): Promise<FrameCaptioner<Source>> {
  const [encoder, captioner] = await Promise.all([createRegionEncoder(engine, encoderName), createCaptioner(engine)]);
  return async ({ frame, previous, options }, signal) => {
    const start = performance.now();
    const luminance = reader.look(frame);
    if (previous && difference(previous, luminance) < CHANGED) return null;
    const pixels = reader.pixels();
    const decoded = performance.now();
    const regions = await encoder.encode([pixels], signal);
    const encoded = performance.now();
    const [captions = []] = await captioner.caption(
      { regions },
      [{ ...options, rerank: false, attention: true }],
      signal,
    );
    const end = performance.now();
    const timings = {
      decode: decoded - start,
      encode: encoded - decoded,
      generate: end - encoded,
      total: end - start,
    };
    return { luminance, captions, timings };
  };
}
