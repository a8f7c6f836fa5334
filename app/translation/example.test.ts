import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { translationResponseSchema } from "@/app/api/translation/schema";
import { parseManifest } from "@/lib/inference/manifest";
import { VARIANTS } from "@/lib/translation/options";
import { checkText } from "@/lib/translation/text";
import { EXAMPLE, SUGGESTIONS } from "./example";

describe("the example", () => {
  it("is a whole answer of the API from each translator, for this text", () => {
    for (const variant of VARIANTS) {
      const { source, words } = translationResponseSchema.parse(EXAMPLE.responses[variant]);
      expect(source.slice(0, -1).join("").trim()).toBe(checkText(EXAMPLE.text));
      expect(words?.length).toBeGreaterThan(0);
    }
    expect(EXAMPLE.responses.attention.translations[0]?.tokens[0]?.attention).toBeDefined();
    expect(EXAMPLE.responses.plain.translations[0]?.tokens[0]?.attention).toBeUndefined();
  });

  it("was made by the model of the repository: else run scripts/precompute-examples.mjs", () => {
    const manifest = parseManifest(readFileSync("models/manifest.json", "utf8"));
    for (const variant of VARIANTS) {
      expect(EXAMPLE.responses[variant].model.sha256).toBe(manifest.models.translation?.sha256);
    }
  });

  it("has suggestions that can be translated", () => {
    for (const text of SUGGESTIONS) expect(checkText(text)).toBe(text);
  });
});
