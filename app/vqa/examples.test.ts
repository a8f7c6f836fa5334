import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { vqaResponseSchema } from "@/app/api/vqa/schema";
import { parseManifest } from "@/lib/inference/manifest";
import { SAMPLES } from "@/lib/ui/photo/samples";
import { DEFAULT_ANSWERS } from "@/lib/vqa/options";
import { EXAMPLES, type Example, questionsFor } from "./examples";

const manifest = parseManifest(readFileSync("models/manifest.json", "utf8"));

describe.each(SAMPLES)("the example of $id", ({ id, width, height }) => {
  const example = EXAMPLES[id] as Example;

  it("is a whole answer of the API, for this photo", () => {
    const { image, answers, attention, questionWords } = vqaResponseSchema.parse(example.response);
    expect(image).toMatchObject({ width, height });
    expect(answers).toHaveLength(DEFAULT_ANSWERS);
    expect(attention).toHaveLength(49);
    expect(questionWords.some(({ known }) => known)).toBe(true);
  });

  it("was made by the model of the repository: else run scripts/precompute-examples.mjs", () => {
    expect(example.response.model.sha256).toBe(manifest.models.vqa?.sha256);
  });

  it("comes with questions that fit it, its own first", () => {
    const questions = questionsFor(example);
    expect(questions[0]).toBe(example.question);
    expect(questions.length).toBeGreaterThanOrEqual(5);
    expect(new Set(questions).size).toBe(questions.length);
  });
});
