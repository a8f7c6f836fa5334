import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { createRegionEncoder } from "@/lib/vision/encoder";
import type { FrameReader } from "@/lib/vision/frames.browser";
import { SIDE } from "@/lib/vision/pixels";
import { TINY_MODELS } from "../fixtures/tiny-models";
import { createCaptioner } from "../pipeline";
import { createFrameCaptioner, type FrameCaptioner } from "./frame-captioner";

/** A frame is one grey here, 0 to 255. */
function greyReader(): FrameReader<number> {
  let grey = 0;
  return {
    look(frame) {
      grey = frame;
      return new Uint8Array(196).fill(frame);
    },
    pixels: () => new Float32Array(3 * SIDE * SIDE).fill(grey / 255),
  };
}

let directory: string;
let engine: Engine;
let captionFrame: FrameCaptioner<number>;

beforeAll(async () => {
  directory = await writeModels(TINY_MODELS);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  captionFrame = await createFrameCaptioner(engine, greyReader(), "vision");
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

describe("a frame captioner", () => {
  const options = { beamWidth: 3, count: 3 };

  it("gives the captions that the same pixels get as a photo, without re-ranking and with attention", async () => {
    const answer = await captionFrame({ frame: 200, options });
    const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
    const regions = await encoder.encode([new Float32Array(3 * SIDE * SIDE).fill(200 / 255)]);
    const [expected] = await captioner.caption({ regions }, [{ ...options, rerank: false, attention: true }]);
    expect(answer?.captions).toEqual(expected);
    expect(answer?.captions[0]?.tokens[0]?.attention).toHaveLength(49);
    const { decode, encode, generate, total } = answer?.timings ?? { decode: 0, encode: 0, generate: 0, total: 0 };
    expect(decode + encode + generate).toBeCloseTo(total);
    expect(structuredClone(answer)).toEqual(answer);
  });

  it("does not caption a frame that shows what the last one did", async () => {
    const first = await captionFrame({ frame: 100, options });
    const previous = first?.luminance;
    expect(await captionFrame({ frame: 101, previous, options })).toBeNull();
    expect(await captionFrame({ frame: 140, previous, options })).not.toBeNull();
  });

  it("stops when it is told to", async () => {
    await expect(captionFrame({ frame: 10, options }, AbortSignal.abort())).rejects.toThrow();
  });
});
