import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { storiesResponseSchema } from "@/app/api/stories/schema";
import { parseManifest } from "@/lib/inference/manifest";
import { DEFAULT_ANSWERS } from "@/lib/stories/options";
import { EXAMPLE } from "./example";
import { toAsked } from "./story";

describe("the example", () => {
  it("is a whole answer of the API, for this story", () => {
    const { answers, hops, unknownWords } = storiesResponseSchema.parse(EXAMPLE.response);
    expect(answers).toHaveLength(DEFAULT_ANSWERS);
    expect(unknownWords).toEqual([]);
    for (const hop of hops) expect(hop).toHaveLength(EXAMPLE.story.length);
    expect(toAsked(EXAMPLE)).toEqual({ story: EXAMPLE.story, question: EXAMPLE.question });
  });

  it("was made by the model of the repository: else run scripts/precompute-examples.mjs", () => {
    const manifest = parseManifest(readFileSync("models/manifest.json", "utf8"));
    expect(EXAMPLE.response.model.sha256).toBe(manifest.models.stories?.sha256);
  });
});
