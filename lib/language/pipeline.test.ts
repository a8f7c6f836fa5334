import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { type ChunkModel, createChunkModel } from "./chunk";
import { TINY_HIDDEN, TINY_LANGUAGE } from "./fixtures/tiny-models";
import { DEFAULT_LENGTH, MAX_LENGTH, MAX_TEXT_LENGTH } from "./options";
import { createLanguageModel, type LanguageModel, type ReadCharacter } from "./pipeline";

let directory: string;
let engine: Engine;
let model: LanguageModel;
let chunks: ChunkModel;

beforeAll(async () => {
  directory = await writeModels(TINY_LANGUAGE);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  model = await createLanguageModel(engine);
  chunks = await createChunkModel(engine);
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

describe("createLanguageModel", () => {
  it("gives the text back with what it wrote, and a surprise for each character of both", async () => {
    const written = await model.continue({ text: "It is a truth", length: 120, seed: 7 });
    expect(written.text.startsWith("It is a truth")).toBe(true);
    expect(written).toMatchObject({ given: 13, seed: 7 });
    expect(Array.from(written.text)).toEqual(written.characters.map(({ text }) => text));
    expect(written.characters).toHaveLength(13 + 120);
    for (const { surprise, memory } of written.characters) {
      expect(surprise).toBeGreaterThanOrEqual(0);
      expect(memory).toBeUndefined();
    }
    expect((await model.continue({ text: "", seed: 1 })).characters).toHaveLength(DEFAULT_LENGTH);
  });

  it("writes the same with the same seed, and something else with another", async () => {
    const texts = await Promise.all(
      [1, 1, 2].map(async (seed) => (await model.continue({ text: "Emma", temperature: 1, seed })).text),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  it("takes the likeliest character at temperature 0, whatever the seed", async () => {
    const [one, other] = await Promise.all(
      [1, 2].map((seed) => model.continue({ text: "Emma", length: 60, temperature: 0, seed })),
    );
    expect(one?.text).toBe(other?.text);
    const hot = await model.continue({ text: "Emma", length: 60, temperature: 2, seed: 1 });
    const mean = (read: readonly ReadCharacter[]) =>
      read.slice(4).reduce((sum, { surprise }) => sum + surprise, 0) / 60;
    expect(mean(hot.characters)).toBeGreaterThan(mean(one?.characters ?? []));
  });

  it("draws each character as often as the model says", async () => {
    // Of the first character after a text: its bits tell its probability.
    const drawn = await Promise.all(
      Array.from({ length: 1500 }, (_, seed) => model.continue({ text: "a", length: 1, temperature: 1, seed })),
    );
    const counts = new Map<string, { count: number; probability: number }>();
    for (const { characters } of drawn) {
      const { text, surprise } = characters[1] as ReadCharacter;
      counts.set(text, { count: (counts.get(text)?.count ?? 0) + 1, probability: 2 ** -surprise });
    }
    const [, { count, probability }] = [...counts].toSorted(([, a], [, b]) => b.count - a.count)[0] as [
      string,
      { count: number; probability: number },
    ];
    const deviation = Math.sqrt((probability * (1 - probability)) / 1500);
    expect(Math.abs(count / 1500 - probability)).toBeLessThan(4 * deviation);
  });

  it("writes in two parts what it writes at once", async () => {
    const whole = await model.continue({ text: "Emma", length: 130, temperature: 1, seed: 3 });
    const first = await model.continue({ text: "Emma", length: 60, temperature: 1, seed: 3 });
    const second = await model.continue({ text: first.text, length: 70, temperature: 1, seed: 3 });
    expect(second.text).toBe(whole.text);
    expect(second.characters.map(({ surprise }) => surprise)).toEqual(whole.characters.map(({ surprise }) => surprise));
  });

  it("hands over each chunk in the text's order", async () => {
    const parts: ReadCharacter[] = [];
    let calls = 0;
    const onPart = (part: readonly ReadCharacter[]) => {
      calls += 1;
      parts.push(...part);
    };
    const { characters } = await model.continue({ text: "a".repeat(80), length: 80, seed: 3 }, { onPart });
    expect(parts).toEqual(characters);
    expect(calls).toBeGreaterThan(2);
  });

  it("returns the memories of the units that were asked for", async () => {
    const units = [TINY_HIDDEN - 1, 0];
    const { characters } = await model.continue({ text: "ab", length: 3, seed: 1, units });
    const all = await model.continue({ text: "ab", length: 3, seed: 1, units: [0, 1, 2, 3, 4, 5] });
    characters.forEach(({ memory }, at) => {
      expect(memory).toEqual([all.characters[at]?.memory?.[TINY_HIDDEN - 1], all.characters[at]?.memory?.[0]]);
    });
    expect(new Set(characters.map(({ memory }) => memory?.[0])).size).toBeGreaterThan(1);
    await expect(model.continue({ text: "a", seed: 1, units: [TINY_HIDDEN] })).rejects.toMatchObject({
      code: "invalid_field",
    });
  });

  it("takes the longest text and the longest continuation, or none of either", async () => {
    const longest = await model.continue({ text: "a".repeat(MAX_TEXT_LENGTH), length: MAX_LENGTH, seed: 1 });
    expect(longest.characters).toHaveLength(MAX_TEXT_LENGTH + MAX_LENGTH);
    expect(await model.continue({ text: "", length: 0, seed: 1 })).toEqual({
      text: "",
      given: 0,
      characters: [],
      seed: 1,
    });
  });

  it("stops between two chunks", async () => {
    const controller = new AbortController();
    const gone = new Error("gone");
    let calls = 0;
    const onPart = () => {
      calls += 1;
      controller.abort(gone);
    };
    const work = model.continue({ text: "a", length: 500, seed: 1 }, { signal: controller.signal, onPart });
    await expect(work).rejects.toBe(gone);
    expect(calls).toBe(1);
  });
});

describe("createChunkModel", () => {
  it("gives a text in a batch what it gives it alone, whatever the others' lengths", async () => {
    const row = { state: null, given: [3, 40, 41], drawn: 20, seed: 9, place: 0, temperature: 1, units: [2] };
    const rows = [{ ...row, drawn: 2 }, row, { ...row, given: [], drawn: 50, seed: 8, units: [] }];
    const together = await chunks.advance(rows);
    for (const [index, each] of rows.entries()) {
      const [alone] = await chunks.advance([each]);
      expect(together[index]?.characters).toEqual(alone?.characters);
      together[index]?.surprise.forEach((bits, at) => {
        expect(bits).toBeCloseTo(alone?.surprise[at] as number, 4);
      });
      expect(together[index]?.memory).toHaveLength((each.given.length + each.drawn) * each.units.length);
    }
    // A shorter row's state is not used: it has read on.
    expect(together[1]?.state).toHaveLength(2 * TINY_HIDDEN);
  });
});
