import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine, Session, Tensor } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { TINY_TRANSLATOR } from "./fixtures/tiny-models";
import { type TranslationRequest, VARIANTS } from "./options";
import { createTranslator, type Translated, type Translator } from "./pipeline";
import { splitSubwords } from "./subwords";

const REQUESTS: TranslationRequest[] = [
  { text: "I am here." },
  { text: "Where is the station, and where are you?", variant: "plain", beamWidth: 2 },
  { text: "Wait!", beamWidth: 10, count: 10, alternatives: 3 },
  { text: "I'm 30.", variant: "plain", beamWidth: 4, count: 1, alternatives: 5 },
  { text: `${"They were there then. ".repeat(9)}`, beamWidth: 1, alternatives: 1 },
];

let directory: string;
let engine: Engine;
let translator: Translator;

beforeAll(async () => {
  directory = await writeModels(TINY_TRANSLATOR);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  translator = await createTranslator(engine);
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

const textsOf = ({ translations }: Translated) => translations.map(({ text }) => text);

describe("createTranslator", () => {
  it("keeps the API's promises about translations", async () => {
    const translated = await translator.translate(REQUESTS);
    expect(translated.map(({ translations }) => translations.length)).toEqual([3, 2, 10, 1, 1]);
    for (const [index, { translations, source }] of translated.entries()) {
      const request = REQUESTS[index] as TranslationRequest;
      expect(source.at(-1)).toBe("<end>");
      expect(source.slice(0, -1).join("").trim()).toBe(request.text.trim());
      expect(new Set(translations.map(({ text }) => text)).size).toBe(translations.length);
      const agreements = translations.map(({ agreement }) => agreement);
      expect(agreements).toEqual(agreements.toSorted((a, b) => b - a));
      for (const { text, tokens, logProbability } of translations) {
        expect(tokens.length).toBeGreaterThan(0);
        expect(
          tokens
            .map((token) => token.text)
            .join("")
            .trim(),
        ).toBe(text);
        expect(text).not.toMatch(/[<▁]/);
        expect(tokens.reduce((sum, token) => sum + token.logProbability, 0)).toBeGreaterThanOrEqual(logProbability);
        for (const { attention } of tokens) {
          if (request.variant === "plain") {
            expect(attention).toBeUndefined();
            continue;
          }
          expect(attention).toHaveLength(source.length);
          expect(attention?.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        }
      }
    }
  });

  it("gives each text of a batch what it gives it alone, whatever the others' lengths", async () => {
    const together = await translator.translate(REQUESTS);
    for (const [index, request] of REQUESTS.entries()) {
      const [alone] = await translator.translate([request]);
      expect(textsOf(together[index] as Translated)).toEqual(textsOf(alone as Translated));
      const words = (each: Translated | undefined) =>
        each?.words?.map(({ text, alternatives }) => [text, ...alternatives.map((other) => other.text)]);
      expect(words(together[index])).toEqual(words(alone));
    }
  });

  it("looks at the text in one variant, and not in the other", async () => {
    const [attention, plain] = await translator.translate(VARIANTS.map((variant) => ({ text: "Wait!", variant })));
    expect(attention?.translations[0]?.tokens[0]?.attention).toBeDefined();
    expect(plain?.translations[0]?.tokens[0]?.attention).toBeUndefined();
  });

  it("refuses a text that cannot be translated, and stops with the signal's reason", async () => {
    await expect(translator.translate([{ text: "Привет" }])).rejects.toMatchObject({ code: "unsupported_characters" });
    const reason = new Error("the client has gone");
    await expect(translator.translate(REQUESTS, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("alternatives", () => {
  it("are asked for, word by word, most probable first, and none is the word itself", async () => {
    const translated = await translator.translate(REQUESTS);
    expect(translated.map(({ words }) => words !== undefined)).toEqual([false, false, true, true, true]);
    for (const [index, { translations, words }] of translated.entries()) {
      if (!words) continue;
      expect(words.map(({ text }) => text).join(" ")).toBe(translations[0]?.text);
      expect(words.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(translations[0]?.tokens.length);
      for (const { text, alternatives } of words) {
        expect(alternatives.length).toBeLessThanOrEqual(REQUESTS[index]?.alternatives as number);
        const probabilities = alternatives.map(({ probability }) => probability);
        expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
        expect(new Set([text, ...alternatives.map((other) => other.text)]).size).toBe(alternatives.length + 1);
      }
    }
  });

  it("have the probability of their pieces, and of a beginning or the end behind them", async () => {
    const { idOf, startToken, endToken, russian } = translator.vocabulary;
    const [encoder, step] = (await Promise.all(
      ["encode", "step"].map((name) => engine.load(`translation/plain-${name}.onnx`)),
    )) as [Session, Session];
    const int32 = (data: number[], dims: number[]) => ({ type: "int32" as const, data: Int32Array.from(data), dims });
    const advance = async (token: number, from: Tensor | undefined) => {
      const state = { ...(from as Tensor), dims: [1, 1, from?.data.length as number] };
      const outputs = await step.run({ tokens: int32([token], [1, 1]), state });
      const probabilities = Array.from(outputs.logProbabilities?.data as Float32Array, Math.exp);
      return { probabilities, state: outputs.nextState };
    };
    let compared = 0;
    for (const text of ["Wait!", "I", "They were there.", "Who?", "No, 5."]) {
      const [translated] = await translator.translate([{ text, variant: "plain", alternatives: 5 }]);
      const ids = [...splitSubwords(text, idOf).map((piece) => idOf(piece) as number), endToken];
      const { state } = await encoder.run({ source: int32(ids, [1, ids.length]) });
      const first = await advance(startToken, state);
      for (const word of translated?.words?.[0]?.alternatives ?? []) {
        const piece = russian.indexOf(`▁${word.text}`);
        if (piece < 0) continue;
        const { probabilities } = await advance(piece, first.state);
        const ends = probabilities.filter((_, token) => token === endToken || russian[token]?.startsWith("▁"));
        const ending = ends.reduce((sum, each) => sum + each, 0);
        expect(word.probability).toBeCloseTo((first.probabilities[piece] as number) * ending, 5);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});
