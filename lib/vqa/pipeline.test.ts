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
import { TINY_ANSWERER, TINY_ANSWERS, TINY_LONGEST } from "./fixtures/tiny-models";
import { type Answerer, createAnswerer, type PhotoAnswer, type PreparedPhoto } from "./pipeline";

const SIZE = 3 * SIDE * SIDE;

/** Photos of broad coloured stripes, each another. */
function photo(seed: number): Float32Array {
  return Float32Array.from({ length: SIZE }, (_, at) => (Math.sin((at % 7919) * 0.01 * (seed + 1) + seed) + 1) / 2);
}

const PHOTOS = [0, 1, 2].map(photo);
const QUESTIONS = [
  { question: "How many dogs are there?", photo: 0 },
  { question: "What color is the man's shirt?", photo: 1, count: 20, attention: true },
  { question: "Where is the dog?", photo: 2, count: 1 },
  { question: "How many dogs are there?", photo: 2 },
  { question: "zebra", photo: 0 },
];

async function open(engine: Engine) {
  const encoder = await createRegionEncoder(engine);
  const answerer = await createAnswerer(engine, TINY_CHANNELS);
  return { answerer, photos: await answerer.prepare(await encoder.encode(PHOTOS)) };
}

let directory: string;
let engine: Engine;
let answerer: Answerer;
let photos: PreparedPhoto[];

beforeAll(async () => {
  directory = await writeModels(TINY_ANSWERER);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  ({ answerer, photos } = await open(engine));
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

const answer = async (question: string, onPhoto = 0, count = 5): Promise<PhotoAnswer> => {
  const [answered] = await answerer.answer(photos, [{ question, photo: onPhoto, count }]);
  return answered as PhotoAnswer;
};

const probabilityOf = ({ answers }: Pick<PhotoAnswer, "answers">, text: string) =>
  answers.find((each) => each.text === text)?.probability as number;

describe("createAnswerer", () => {
  it("keeps the API's promises about answers, with each question's own options", async () => {
    const answered = await answerer.answer(photos, QUESTIONS);
    expect(answered.map(({ answers }) => answers.length)).toEqual([5, 20, 1, 5, 5]);
    expect(answered.map(({ withoutImage }) => withoutImage.length)).toEqual([5, 20, 1, 5, 5]);
    for (const [index, { answers, withoutImage, attention, questionWords }] of answered.entries()) {
      for (const list of [answers, withoutImage]) {
        const probabilities = list.map(({ probability }) => probability);
        expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
        expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1 + 1e-5);
        expect(new Set(list.map(({ text }) => text)).size).toBe(list.length);
        for (const { text } of list) expect(TINY_ANSWERS).toContain(text);
      }
      expect(attention !== undefined).toBe(index === 1);
      if (attention) {
        expect(attention).toHaveLength(49);
        expect(attention.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      }
      for (const { importance } of questionWords) {
        expect(importance).toBeGreaterThanOrEqual(0);
        expect(importance).toBeLessThanOrEqual(1);
      }
    }
    expect(answered[1]?.questionWords.map(({ text }) => text)).toEqual([
      ...["what", "color", "is", "the", "man", "'s", "shirt"],
    ]);
  });

  it("gives each question of a batch what it gives it alone, whatever the others' photos and lengths", async () => {
    const together = await answerer.answer(photos, QUESTIONS);
    for (const [index, question] of QUESTIONS.entries()) {
      const own = [photos[question.photo] as PreparedPhoto];
      const [alone] = await answerer.answer(own, [{ ...question, photo: 0 }]);
      expectClose(alone as PhotoAnswer, together[index] as PhotoAnswer, 1e-5);
    }
    expect(together[0]?.answers).not.toEqual(together[3]?.answers);
  });

  it("prepares each photo of a batch as it prepares it alone", async () => {
    const encoder = await createRegionEncoder(engine);
    const [alone] = await answerer.prepare(await encoder.encode([PHOTOS[1] as Float32Array]));
    for (const part of ["features", "keys"] as const) {
      const [one, other] = [alone, photos[1]].map((each) => each?.[part] as Tensor);
      expect(one?.dims).toEqual(other?.dims);
      expect(one?.dims[0]).toBe(49);
      other?.data.forEach((value, index) => {
        expect(one?.data[index]).toBeCloseTo(value as number, 5);
      });
    }
  });

  it("weighs a word by the fall of the best answer's probability when it is unknown instead", async () => {
    const whole = await answer("what color is the dog", 0, 20);
    const best = whole.answers[0]?.text as string;
    const without = [
      "zebra color is the dog",
      "what zebra is the dog",
      "what color zebra the dog",
      "what color is zebra dog",
      "what color is the zebra",
    ];
    for (const [place, question] of without.entries()) {
      const fall = probabilityOf(whole, best) - probabilityOf(await answer(question, 0, TINY_ANSWERS.length), best);
      expect(whole.questionWords[place]?.importance).toBeCloseTo(Math.max(0, fall), 5);
    }
    const importances = whole.questionWords.map(({ importance }) => importance);
    expect(Math.max(...importances)).toBeGreaterThan(0.01);
  });

  it("says without the image what zeros for regions would have been answered", async () => {
    const zeros: Tensor = { type: "float32", data: new Float32Array(49 * TINY_CHANNELS), dims: [1, 49, TINY_CHANNELS] };
    const [asZeros] = await answerer.answer(await answerer.prepare(zeros), [
      { question: "how many dogs", photo: 0, count: 20 },
    ]);
    const onPhotos = await Promise.all([0, 1].map((each) => answer("how many dogs", each, 20)));
    for (const { withoutImage, answers } of onPhotos) {
      expect(withoutImage).toEqual(asZeros?.answers);
      expect(answers).not.toEqual(asZeros?.answers);
    }
  });

  it("marks what it does not know, and answers a question of unknown words alone", async () => {
    const mixed = await answer("What colour is the Zebra?");
    expect(mixed.questionWords.map(({ text, known }) => [text, known])).toEqual([
      ["what", true],
      ["colour", true],
      ["is", true],
      ["the", true],
      ["zebra", false],
    ]);
    expect(mixed.questionWords[4]?.importance).toBe(0);
    const unknown = await answer("Кто это?");
    expect(unknown.questionWords).toEqual([
      { text: "кто", importance: 0, known: false },
      { text: "это", importance: 0, known: false },
    ]);
    expect(unknown.answers).toHaveLength(5);
  });

  it("reads another spelling as the word it stands for", async () => {
    expect((await answer("what colour is it")).answers).toEqual((await answer("what color is it")).answers);
  });

  it("does not read beyond the longest question that it was trained on, and says so by importance 0", async () => {
    const words = Array.from({ length: TINY_LONGEST }, () => "dog");
    const short = await answer(words.join(" "));
    const long = await answer([...words, "what", "zebra"].join(" "));
    expect(long.answers).toEqual(short.answers);
    expect(long.questionWords.slice(TINY_LONGEST)).toEqual([
      { text: "what", importance: 0, known: true },
      { text: "zebra", importance: 0, known: false },
    ]);
  });

  it("stops when it is told to, with the reason", async () => {
    const reason = new Error("gone");
    const stopped = AbortSignal.abort(reason);
    await expect(answerer.answer(photos, QUESTIONS, stopped)).rejects.toBe(reason);
    const regions: Tensor = {
      type: "float32",
      data: new Float32Array(49 * TINY_CHANNELS),
      dims: [1, 49, TINY_CHANNELS],
    };
    await expect(answerer.prepare(regions, stopped)).rejects.toBe(reason);
  });

  it("refuses a model whose files do not belong together", async () => {
    const vqa = { ...TINY_ANSWERER.vqa, "vqa/vocabulary.json": '{"words":[]}' };
    const broken = await writeModels({ ...TINY_ANSWERER, vqa });
    const brokenEngine = createNodeEngine({ modelsDirectory: broken, device: "cpu", threads: 1 });
    await expect(createAnswerer(brokenEngine, TINY_CHANNELS)).rejects.toMatchObject({ code: "model_unavailable" });
    await brokenEngine.dispose();
    await rm(broken, { recursive: true });
  });
});

/** The same texts, numbers within a tolerance. */
function expectClose(one: PhotoAnswer, other: PhotoAnswer, tolerance: number): void {
  for (const list of ["answers", "withoutImage"] as const) {
    expect(one[list].map(({ text }) => text)).toEqual(other[list].map(({ text }) => text));
    one[list].forEach(({ probability }, rank) => {
      expect(Math.abs(probability - (other[list][rank]?.probability as number))).toBeLessThan(tolerance);
    });
  }
  expect(one.questionWords.map(({ text, known }) => [text, known])).toEqual(
    other.questionWords.map(({ text, known }) => [text, known]),
  );
  one.questionWords.forEach(({ importance }, place) => {
    expect(Math.abs(importance - (other.questionWords[place]?.importance as number))).toBeLessThan(tolerance);
  });
  one.attention?.forEach((weight, region) => {
    expect(Math.abs(weight - (other.attention?.[region] as number))).toBeLessThan(tolerance);
  });
}

describe("the browser's engine beside the server's", () => {
  it("gives the same answers from the same pixels, probabilities within 1e-3", async () => {
    stubWeb(TINY_ANSWERER);
    const browserEngine = createBrowserEngine({ device: "wasm", baseUrl: "/models/" });
    const browser = await open(browserEngine);
    expect([browser.answerer.provider, answerer.provider]).toEqual(["wasm", "cpu"]);
    const there = await browser.answerer.answer(browser.photos, QUESTIONS);
    const here = await answerer.answer(photos, QUESTIONS);
    here.forEach((each, index) => {
      expectClose(each, there[index] as PhotoAnswer, 1e-3);
    });
    await browserEngine.dispose();
    vi.unstubAllGlobals();
  });
});
