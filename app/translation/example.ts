import type { TranslationResponse } from "@/app/api/translation/schema";
import type { Variant } from "@/lib/translation/options";
import stored from "./examples.json";
import type { Asked } from "./settings";

/** The text with which the page opens, and what the API makes of it, with attention and without. */
export interface Example extends Asked {
  readonly responses: Readonly<Record<Variant, TranslationResponse>>;
}

export const EXAMPLE: Example = stored as Example;

/** Other texts to begin with; each shows something of its own. */
export const SUGGESTIONS = [
  "Where is the nearest station?",
  "She is reading a book.",
  "They were reading a book.",
  "I don't want to talk about it.",
  "If I were you, I wouldn't do that.",
  "How much does this cost?",
];
