/** What can be asked of handwriting: apart from the pipeline, so that a page can say it without loading that. */

/** Longest text, in characters (code points). */
export const MAX_TEXT_LENGTH = 500;
/** Most lines that a text may be broken into by its writer; the longer of them are broken further. */
export const MAX_LINES = 20;
/** Most lines that are written without a text. */
export const MAX_DREAM_LINES = 10;
export const MAX_SEED = 2 ** 32 - 1;
/** Largest bias: what is asked to be legible beyond it looks no different. */
export const MAX_BIAS = 5;
export const DEFAULT_BIAS = 0.8;
/** Fewest and most characters a line. */
export const MIN_LINE_WIDTH = 10;
export const MAX_LINE_WIDTH = 100;
export const DEFAULT_LINE_WIDTH = 40;
/** Fewest and most points of a prime. */
export const MIN_PRIME_POINTS = 2;
export const MAX_PRIME_POINTS = 20_000;
/** Longest text of a prime, in characters. */
export const MAX_PRIME_TEXT_LENGTH = 200;

/** What a picture is called that says nothing. */
export const DREAM_TITLE = "Handwriting without a text";

/** Units of length in an x-height. */
export const UNITS_PER_X_HEIGHT = 20;
/** From one baseline to the next, in units: room for what hangs below and stands above, without touching. */
export const LINE_HEIGHT = 4.5 * UNITS_PER_X_HEIGHT;
