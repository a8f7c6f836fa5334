/** What can be asked of translation: apart from the pipeline, so that a page can say it without loading that. */

/** Longest text, in characters (code points). */
export const MAX_TEXT_LENGTH = 200;
/** What stands between encoder and decoder: a mixture of the encoder's states for each token, or its last state alone. */
export const VARIANTS = ["attention", "plain"] as const;
export type Variant = (typeof VARIANTS)[number];
/** Widest beam that may be asked for. */
export const MAX_BEAM_WIDTH = 10;
/** Beam width when none is asked for. */
export const DEFAULT_BEAM_WIDTH = 5;
/** Translations returned when the count is not said, or `beamWidth` where that is smaller. */
export const DEFAULT_COUNT = 3;
/** Most other words that may be asked for at each word of a translation. */
export const MAX_ALTERNATIVES = 5;

export interface TranslationRequest {
  /** English; as `checkText` lets it pass. */
  readonly text: string;
  /** Default "attention". */
  readonly variant?: Variant;
  /** Hypotheses kept at each step, 1 to 10; default 5. */
  readonly beamWidth?: number;
  /** Translations to return, 1 to `beamWidth`; default min(3, `beamWidth`). */
  readonly count?: number;
  /** Other words to name at each word of the first translation, 0 to 5; default 0. */
  readonly alternatives?: number;
}
