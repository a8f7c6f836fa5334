import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { captioningResponseSchema } from "@/app/api/captioning/schema";
import { parseManifest } from "@/lib/inference/manifest";
import { SAMPLES } from "@/lib/ui/photo/samples";
import { findExample } from "./examples";
import { DEFAULT_SETTINGS } from "./settings";

const manifest = parseManifest(readFileSync("models/manifest.json", "utf8"));

describe.each(SAMPLES)("the example of $id", ({ id, width, height }) => {
  const example = findExample(id, DEFAULT_SETTINGS);

  it("is a whole answer of the API, for this photo", () => {
    const { image, captions } = captioningResponseSchema.parse(example);
    expect(image).toMatchObject({ width, height });
    expect(captions).toHaveLength(DEFAULT_SETTINGS.count);
    for (const { tokens } of captions) expect(tokens.every(({ attention }) => attention)).toBe(true);
  });

  it("was made by the model of the repository: else run scripts/precompute-examples.mjs", () => {
    expect(example?.model.sha256).toBe(manifest.models.captioning?.sha256);
  });
});

it("is not shown for settings that it was not made with", () => {
  expect(findExample("shepherd", { ...DEFAULT_SETTINGS, beamWidth: DEFAULT_SETTINGS.beamWidth + 1 })).toBeUndefined();
});
