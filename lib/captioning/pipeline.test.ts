import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createBrowserEngine } from "@/lib/inference/browser-engine";
import type { Engine, Tensor } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { stubWeb } from "@/lib/inference/fixtures/web";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { createRegionEncoder } from "@/lib/vision/encoder";
import { TINY_CHANNELS } from "@/lib/vision/fixtures/tiny-encoder";
import { SIDE } from "@/lib/vision/pixels";
import { TINY_MODELS, TINY_WORDS } from "./fixtures/tiny-models";
import { isReranked } from "./options";
import { type Captioner, createCaptioner } from "./pipeline";

const SIZE = 3 * SIDE * SIDE;

/** Photos of broad coloured stripes, each another. */
function photo(seed: number): Float32Array {
  return Float32Array.from({ length: SIZE }, (_, at) => (Math.sin((at % 7919) * 0.01 * (seed + 1) + seed) + 1) / 2);
}

const PHOTOS = [0, 1, 2, 3, 4].map(photo);
/** Asks for all that a search finds. */
const searchOf = (beamWidth: number) => PHOTOS.map(() => ({ beamWidth, count: beamWidth, rerank: false }));

const NOISY = 40;

/** Regions of photos that have nothing in common. */
function noise(seed: number): Tensor {
  const size = NOISY * 49 * TINY_CHANNELS;
  const data = Float32Array.from({ length: size }, (_, at) => 60 * Math.sin((at + 1) * 12.9898 * seed + seed));
  return { type: "float32", data, dims: [NOISY, 49, TINY_CHANNELS] };
}

async function open(engine: Engine) {
  const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
  return { encoder, captioner, regions: await encoder.encode(PHOTOS) };
}

function rows(regions: Tensor, indices: readonly number[]): Tensor {
  const size = regions.data.length / PHOTOS.length;
  const data = new Float32Array(indices.length * size);
  indices.forEach((index, place) => {
    data.set((regions.data as Float32Array).subarray(index * size, (index + 1) * size), place * size);
  });
  return { type: "float32", data, dims: [indices.length, ...regions.dims.slice(1)] };
}

let directory: string;
let engine: Engine;
let captioner: Captioner;
let regions: Tensor;
/** Stand for the mirrored photos: very different ones, because the tiny models make the same of a picture and its mirror image. */
let inMirror: Tensor;

beforeAll(async () => {
  directory = await writeModels(TINY_MODELS);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  ({ captioner, regions } = await open(engine));
  inMirror = { ...regions, data: (regions.data as Float32Array).map((value) => -30 * value) };
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

describe("createCaptioner", () => {
  it("keeps the API's promises about captions, with each photo's own options", async () => {
    const options = [
      {},
      { beamWidth: 1 },
      { beamWidth: 10, count: 10, rerank: false, attention: true },
      { beamWidth: 2, rerank: false },
      { count: 1 },
    ];
    const nBests = await captioner.caption({ regions }, options);
    expect(nBests.map((captions) => captions.length)).toEqual([3, 1, 10, 2, 1]);
    for (const [index, captions] of nBests.entries()) {
      expect(new Set(captions.map(({ text }) => text)).size).toBe(captions.length);
      const scores = captions.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const { text, logProbability, score, tokens } of captions) {
        expect(text).not.toBe("");
        expect(text).not.toMatch(/<|>/);
        expect(text).not.toMatch(/(?:^| )(\S+) \1 \1(?: |$)/);
        const summed = tokens.reduce((sum, token) => sum + token.logProbability, 0);
        // What is left is the end token's.
        expect(logProbability).toBeLessThan(summed);
        if (isReranked(options[index] ?? {})) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(10);
        } else {
          expect(score).toBeCloseTo(logProbability / (tokens.length + 1) ** 0.7, 9);
        }
        for (const token of tokens) {
          expect(TINY_WORDS).toContain(token.text);
          expect(token.logProbability).toBeLessThan(0);
          expect("attention" in token).toBe(index === 2);
          if (!token.attention) continue;
          expect(token.attention).toHaveLength(49);
          expect(Math.min(...token.attention)).toBeGreaterThanOrEqual(0);
          expect(token.attention.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        }
      }
    }
  });

  it("re-ranks what a search six wider finds: the captions that more samples agree with first", async () => {
    const options = PHOTOS.map(() => ({ beamWidth: 4, count: 4 }));
    const searched = await captioner.caption({ regions }, searchOf(10));
    const reranked = await captioner.caption({ regions }, options);
    const texts = (nBest: typeof searched) => nBest.map((captions) => captions.map(({ text }) => text));
    for (const [photo, captions] of texts(reranked).entries()) {
      expect(captions).toHaveLength(4);
      expect(texts(searched)[photo]).toEqual(expect.arrayContaining(captions));
    }
    expect(texts(reranked)).not.toEqual(texts(searched).map((each) => each.slice(0, 4)));
    expect(texts(await captioner.caption({ regions }, options))).toEqual(texts(reranked));
  });

  it("lets the captions of the mirrored photo stand for election, as probable as the photo itself makes them", async () => {
    const here = noise(1);
    const there = noise(2);
    const all = Array.from({ length: NOISY }, () => ({ beamWidth: 10, count: 10, rerank: false }));
    const [own, mirrored, elected] = [
      await captioner.caption({ regions: here }, all),
      await captioner.caption({ regions: there }, all),
      await captioner.caption({ regions: here, mirrored: there }, Array(NOISY).fill({ beamWidth: 4, count: 4 })),
    ];
    let added = 0;
    for (const [photo, captions] of elected.entries()) {
      expect(captions).toHaveLength(4);
      expect(new Set(captions.map(({ text }) => text)).size).toBe(4);
      for (const { text, logProbability } of captions) {
        const found = own[photo]?.find((caption) => caption.text === text);
        const foundThere = mirrored[photo]?.find((caption) => caption.text === text);
        if (found) expect(logProbability).toBeCloseTo(found.logProbability, 5);
        else {
          added++;
          expect(foundThere).toBeDefined();
          expect(Math.abs(logProbability - (foundThere?.logProbability as number))).toBeGreaterThan(1e-3);
        }
      }
    }
    expect(added).toBeGreaterThan(0);
  });

  it("gives each photo of a batch what it gives it alone", async () => {
    const options = [
      { beamWidth: 3 },
      { beamWidth: 7, count: 5, rerank: false },
      {},
      { beamWidth: 1 },
      { beamWidth: 10 },
    ];
    const photosOf = (indices: number[]) => {
      const mirrored = indices.filter((index) => isReranked(options[index] ?? {}));
      return {
        regions: rows(regions, indices),
        mirrored: mirrored.length > 0 ? rows(inMirror, mirrored) : undefined,
      };
    };
    const together = await captioner.caption(photosOf([0, 1, 2, 3, 4]), options);
    for (const [index, captions] of together.entries()) {
      const [alone = []] = await captioner.caption(photosOf([index]), [options[index] ?? {}]);
      expect(alone.map(({ text }) => text)).toEqual(captions.map(({ text }) => text));
      alone.forEach(({ logProbability }, rank) => {
        expect(logProbability).toBeCloseTo(captions[rank]?.logProbability as number, 5);
      });
    }
    expect(new Set(together.map(([best]) => best?.text)).size).toBeGreaterThan(1);
  });

  it("stops when it is told to, with the reason", async () => {
    const reason = new Error("gone");
    await expect(
      captioner.caption(
        { regions },
        PHOTOS.map(() => ({})),
        AbortSignal.abort(reason),
      ),
    ).rejects.toBe(reason);
  });

  it("refuses a model whose files do not belong together", async () => {
    const { "captioning/vocabulary.json": _, ...rest } = TINY_MODELS.captioning;
    const broken = await writeModels({ captioning: { ...rest, "captioning/vocabulary.json": '{"words":[]}' } });
    const brokenEngine = createNodeEngine({ modelsDirectory: broken, device: "cpu", threads: 1 });
    await expect(createCaptioner(brokenEngine)).rejects.toMatchObject({ code: "model_unavailable" });
    await brokenEngine.dispose();
    await rm(broken, { recursive: true });
  });
});

describe("the browser's engine beside the server's", () => {
  it("gives the same captions from the same pixels, log-probabilities within 1e-3", async () => {
    stubWeb(TINY_MODELS);
    const browserEngine = createBrowserEngine({ device: "wasm", baseUrl: "/models/" });
    const browser = await open(browserEngine);
    expect([browser.encoder.provider, browser.captioner.provider]).toEqual(["wasm", "wasm"]);
    expect(captioner.provider).toBe("cpu");
    const options = PHOTOS.map(() => ({ beamWidth: 5, count: 5, attention: true }));
    const there = await browser.captioner.caption({ regions: browser.regions }, options);
    const here = await captioner.caption({ regions }, options);
    here.flat().forEach((caption, index) => {
      const other = there.flat()[index];
      expect(other?.text).toBe(caption.text);
      expect(Math.abs((other?.logProbability as number) - caption.logProbability)).toBeLessThan(1e-3);
      caption.tokens.forEach((token, position) => {
        const same = other?.tokens[position];
        expect(Math.abs((same?.logProbability as number) - token.logProbability)).toBeLessThan(1e-3);
        token.attention?.forEach((weight, cell) => {
          expect(Math.abs((same?.attention?.[cell] as number) - weight)).toBeLessThan(1e-3);
        });
      });
    });
    await browserEngine.dispose();
    vi.unstubAllGlobals();
  });
});
