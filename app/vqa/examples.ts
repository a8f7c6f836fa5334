import type { VqaResponse } from "@/app/api/vqa/schema";
import { suggestQuestions } from "@/lib/vqa/suggestions";
import stored from "./examples.json";

/** A sample with a question, and what the API answers to it at its defaults. */
export interface Example {
  readonly question: string;
  /** What the captioner says of the photo, the best first. */
  readonly captions: readonly string[];
  readonly response: VqaResponse;
}

/**
 * By the samples' ids: written by `scripts/precompute-examples.mjs`. Asserted, since TypeScript reads `provider` in JSON as
 * any string; `examples.test.ts` parses each with the API's schema.
 */
export const EXAMPLES = stored as Readonly<Record<string, Example>>;

/** Questions that fit a sample, its own first. */
export function questionsFor({ question, captions }: Example): string[] {
  return [...new Set([question, ...suggestQuestions(captions).map((suggestion) => suggestion.question)])];
}
