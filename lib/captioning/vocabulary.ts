import type { DecoderVocabulary } from "@/lib/inference/decoder";
import { InklingError } from "@/lib/inference/errors";
import type { DocumentFrequencies } from "./consensus";

/** What `captioning/vocabulary.json` says: the decoder's words and how its captions are searched for. */
export interface Vocabulary extends DecoderVocabulary {
  /** Lower-case PTB tokens; a word's index is its token id. */
  readonly words: readonly string[];
  readonly frequencies: DocumentFrequencies;
}

/**
 * Reads `captioning/vocabulary.json`.
 *
 * @throws `InklingError` with code `model_unavailable` when the file does not hold a vocabulary
 */
export function parseVocabulary(json: string): Vocabulary {
  const value: unknown = parse(json);
  if (typeof value !== "object" || value === null) throw malformed("it is not an object");
  const { words, maxLength, lengthPenalty, documents, phrases } = value as Record<string, unknown>;
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string" && word !== "")) {
    throw malformed("words is not a list of words");
  }
  if (new Set(words).size !== words.length) throw malformed("a word is listed twice");
  if (typeof maxLength !== "number" || !Number.isInteger(maxLength) || maxLength < 1) {
    throw malformed("maxLength is not a positive integer");
  }
  if (typeof lengthPenalty !== "number" || !(lengthPenalty >= 0 && lengthPenalty <= 1)) {
    throw malformed("lengthPenalty is not between 0 and 1");
  }
  if (typeof documents !== "number" || !Number.isInteger(documents) || documents < 1) {
    throw malformed("documents is not a positive integer");
  }
  if (typeof phrases !== "object" || phrases === null) throw malformed("phrases is not an object");
  const counts = new Map<string, unknown>(Object.entries(phrases));
  if (![...counts.values()].every((count) => typeof count === "number" && count >= 1 && count <= documents)) {
    throw malformed("a phrase is in fewer than 1 or more than all documents");
  }
  const [startToken, endToken, unknownToken] = ["<start>", "<end>", "<unk>"].map((word) => {
    const token = words.indexOf(word);
    if (token < 0) throw malformed(`${word} is not listed`);
    return token;
  }) as [number, number, number];
  return {
    words,
    startToken,
    endToken,
    unknownToken,
    maxLength,
    lengthPenalty,
    frequencies: { documents, phrases: counts as Map<string, number> },
  };
}

const MIRRORED: Readonly<Record<string, string>> = { left: "right", right: "left" };

/** What a caption of the mirrored photo says of the photo: left is right. Words that the vocabulary lacks stay. */
export function mirrorTokens(tokens: readonly number[], { words }: Vocabulary): number[] {
  return tokens.map((token) => {
    const other = MIRRORED[words[token] as string];
    const mirrored = other === undefined ? -1 : words.indexOf(other);
    return mirrored < 0 ? token : mirrored;
  });
}

/**
 * Joins PTB tokens into readable text: the clitics that PTB splits off ("dog 's", "do n't") are joined to their word again.
 */
export function joinWords(words: readonly string[]): string {
  return words.join(" ").replace(/(?<=\S) (?='[a-z]+(?: |$)|n't(?: |$))/g, "");
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
    `The captioning model's vocabulary cannot be used: ${reason}.`,
    "Export the model again, or restore its files from the repository.",
    { cause },
  );
}
