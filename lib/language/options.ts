/** What can be asked of the language model: apart from the pipeline, so that a page can say it without loading that. */

/** Longest text to go on from, in characters as they are read. */
export const MAX_TEXT_LENGTH = 2_000;
/** Most characters that are written in one request. */
export const MAX_LENGTH = 1_000;
export const DEFAULT_LENGTH = 200;
export const MAX_TEMPERATURE = 2;
export const DEFAULT_TEMPERATURE = 0.7;
/** Seeds are whole numbers of 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;
/** Most units whose memories may be asked for. */
export const MAX_UNITS = 8;
