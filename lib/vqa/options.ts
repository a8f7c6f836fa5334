/** What can be asked of question answering: apart from the pipeline, so that a page can say it without loading that. */

/** Longest question, in characters (code points). */
export const MAX_QUESTION_LENGTH = 200;
/** Most answers that may be asked for. */
export const MAX_ANSWERS = 20;
/** Answers returned when the count is not said. */
export const DEFAULT_ANSWERS = 5;

export interface AnswerOptions {
  /** Answers to return, with the photo and without it, 1 to 20; default 5. */
  readonly count?: number;
  /** Whether the answer says where in the photo the model looked; default false. */
  readonly attention?: boolean;
}
