import type { CaptioningResponse } from "@/app/api/captioning/schema";
import stored from "./examples.json";
import { type CaptionSettings, DEFAULT_SETTINGS } from "./settings";

/**
 * What the API answers for the samples at its defaults, by the samples' ids: written by `scripts/precompute-examples.mjs`.
 * Asserted, since TypeScript reads `provider` in JSON as any string; `examples.test.ts` parses each with the API's schema.
 */
const EXAMPLES = stored as Readonly<Record<string, CaptioningResponse | undefined>>;

/** The answer for a sample that was made in advance, if it was made with these settings. */
export function findExample(
  sample: string,
  { beamWidth, count, rerank }: CaptionSettings,
): CaptioningResponse | undefined {
  const { beamWidth: width, count: shown, rerank: ranked } = DEFAULT_SETTINGS;
  if (beamWidth !== width || count !== shown || rerank !== ranked) return undefined;
  return EXAMPLES[sample];
}
