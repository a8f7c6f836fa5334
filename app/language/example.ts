import type { LanguageResponse } from "@/app/api/language/schema";
import stored from "./examples.json";
import type { WritingSettings } from "./settings";

/** What the page opens with, and what the API wrote. */
export interface Example extends WritingSettings {
  readonly response: LanguageResponse;
}

export const EXAMPLE: Example = stored as Example;
