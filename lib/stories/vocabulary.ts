import { InklingError } from "@/lib/inference/errors";

/** Id that fills up a sentence, or a story, that is shorter than the longest of its batch. */
export const PAD = 0;
/** Id of every word that is not known. */
export const UNKNOWN = 1;

/** What `stories/vocabulary.json` says: the words that the model reads, and the answers that it can give. */
export interface Vocabulary {
  /** A word's index is its token id; `<pad>` and `<unk>` come first. */
  readonly words: readonly string[];
  /** By index of the model's output; a list, such as "apple,milk", is one answer. */
  readonly answers: readonly string[];
  /** The token id of a word in lower case; `UNKNOWN` where it is not known. */
  idOf(word: string): number;
}

/**
 * Reads `stories/vocabulary.json`.
 *
 * @throws `InklingError` with code `model_unavailable` when the file does not hold a vocabulary
 */
export function parseVocabulary(json: string): Vocabulary {
  const value: unknown = parse(json);
  if (typeof value !== "object" || value === null) throw malformed("it is not an object");
  const { words, answers } = value as Record<string, unknown>;
  if (!isListOfTexts(words)) throw malformed("words is not a list of words");
  if (words[PAD] !== "<pad>" || words[UNKNOWN] !== "<unk>")
    throw malformed("words does not begin with <pad> and <unk>");
  if (!isListOfTexts(answers) || answers.length === 0) throw malformed("answers is not a list of answers");
  const ids = new Map(words.map((word, id) => [word, id]));
  if (ids.size !== words.length) throw malformed("a word is listed twice");
  if (new Set(answers).size !== answers.length) throw malformed("an answer is listed twice");
  return { words, answers, idOf: (word) => ids.get(word) ?? UNKNOWN };
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text !== "");
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
}

function malformed(reason: string, cause?: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    `The vocabulary of stories cannot be used: ${reason}.`,
    "Export the model again, or restore its files from the repository.",
    { cause },
  );
}
