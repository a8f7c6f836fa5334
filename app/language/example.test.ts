import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { languageResponseSchema } from "@/app/api/language/schema";
import { parseManifest } from "@/lib/inference/manifest";
import { EXAMPLE } from "./example";
import { UNITS } from "./units";

describe("the example", () => {
  it("is a whole answer of the API, for this text", () => {
    const { text, characters, given, seed } = languageResponseSchema.parse(EXAMPLE.response);
    expect(text.startsWith(EXAMPLE.text)).toBe(true);
    expect(characters).toHaveLength(EXAMPLE.text.length + EXAMPLE.length);
    expect(given).toBe(EXAMPLE.text.length);
    expect(seed).toBe(EXAMPLE.seed);
    for (const { memory } of characters) expect(memory).toHaveLength(UNITS.length);
  });

  it("was made by the model of the repository: else run scripts/precompute-examples.mjs", () => {
    const manifest = parseManifest(readFileSync("models/manifest.json", "utf8"));
    expect(EXAMPLE.response.model.sha256).toBe(manifest.models.language?.sha256);
  });
});
