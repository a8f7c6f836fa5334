/**
 * Splits a sentence into words by the rule of `training/data/babi.py`: runs of letters and digits in lower case.
 *
 * @example
 * splitWords("What is north of the office?"); // ["what", "is", "north", "of", "the", "office"]
 */
export function splitWords(sentence: string): string[] {
  return sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
