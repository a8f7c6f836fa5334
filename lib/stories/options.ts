/** What can be asked about a story: apart from the pipeline, so that a page can say it without loading that. */

/** Most sentences of a story. */
export const MAX_SENTENCES = 100;
/** Longest sentence and longest question, in characters (code points). */
export const MAX_SENTENCE_LENGTH = 200;
/** Most answers that may be asked for. */
export const MAX_ANSWERS = 20;
/** Answers returned when the count is not said. */
export const DEFAULT_ANSWERS = 3;
