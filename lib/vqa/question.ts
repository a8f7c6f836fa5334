/** A question's words, as the model was trained on them. */

/**
 * Splits a question into words. The rule is that of `training/vqa/vocabulary.py`: Unicode NFC, lower case, ’ as ', and then
 * every run of letters and digits, and every 'd, 'll, 'm, 're, 's, 't or 've that no letter or digit follows.
 *
 * @example
 * splitQuestion("What’s on the man's T-shirt?"); // ["what", "'s", "on", "the", "man", "'s", "t", "shirt"]
 */
export function splitQuestion(question: string): string[] {
  const text = question.normalize("NFC").toLowerCase().replaceAll("’", "'");
  return text.match(/[\p{L}\p{N}]+|'(?:d|ll|m|re|s|t|ve)(?![\p{L}\p{N}])/gu) ?? [];
}
