import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { TINY_ANSWERS, TINY_HOPS, TINY_STORY_READER } from "./fixtures/tiny-models";
import { DEFAULT_ANSWERS, MAX_SENTENCES } from "./options";
import { createStoryReader, type StoryQuestion, type StoryReader } from "./pipeline";

const STORY = ["Mary went to the kitchen.", "John took the milk.", "Mary went to the garden."];
const QUESTIONS: StoryQuestion[] = [
  { story: STORY, question: "Where is Mary?" },
  { story: ["John went to the office."], question: "Where is the milk?", count: 20 },
  { story: Array.from({ length: MAX_SENTENCES }, (_, i) => STORY[i % 3] as string), question: "is", count: 1 },
  { story: ["The QUAGGA, John: took", "zebra quagga?!"], question: "Where's the zebra?" },
];

let directory: string;
let engine: Engine;
let reader: StoryReader;

beforeAll(async () => {
  directory = await writeModels(TINY_STORY_READER);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  reader = await createStoryReader(engine);
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

describe("createStoryReader", () => {
  it("keeps the API's promises: answers best first, and weights of the sentences that sum to 1 in each hop", async () => {
    const answered = await reader.answer(QUESTIONS);
    expect(answered.map(({ answers }) => answers.length)).toEqual([DEFAULT_ANSWERS, TINY_ANSWERS.length, 1, 3]);
    for (const [index, { answers, hops }] of answered.entries()) {
      const probabilities = answers.map(({ probability }) => probability);
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(answers.length);
      expect(hops).toHaveLength(TINY_HOPS);
      for (const hop of hops) {
        expect(hop).toHaveLength(QUESTIONS[index]?.story.length as number);
        expect(hop.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...hop)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("gives each question of a batch what it gives it alone, whatever the others' lengths", async () => {
    const together = await reader.answer(QUESTIONS);
    for (const [index, question] of QUESTIONS.entries()) {
      const [alone] = await reader.answer([question]);
      expect(together[index]?.unknownWords).toEqual(alone?.unknownWords);
      expect(together[index]?.answers.map(({ text }) => text)).toEqual(alone?.answers.map(({ text }) => text));
      together[index]?.hops.flat().forEach((weight, at) => {
        expect(weight).toBeCloseTo(alone?.hops.flat()[at] as number, 5);
      });
    }
  });

  it("names words that it has not learned, each once, in the order in which they come", async () => {
    const [known, , , unknown] = await reader.answer(QUESTIONS);
    expect(known?.unknownWords).toEqual([]);
    expect(unknown?.unknownWords).toEqual(["quagga", "zebra", "s"]);
  });

  it("reads words whatever their case and the signs between them", async () => {
    const [plain, odd] = await reader.answer([
      { story: STORY, question: "Where is Mary?" },
      {
        story: STORY.map((sentence) => ` ${sentence.toUpperCase().replaceAll(" ", " – ")}`),
        question: "where is mary",
      },
    ]);
    expect(odd).toEqual(plain);
  });

  it("stops where nobody waits any longer", async () => {
    const gone = new Error("gone");
    await expect(reader.answer(QUESTIONS, AbortSignal.abort(gone))).rejects.toBe(gone);
  });
});
