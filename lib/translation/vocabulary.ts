import type { DecoderVocabulary } from "@/lib/inference/decoder";
import { InklingError } from "@/lib/inference/errors";

/** Id that fills up a sentence that is shorter than the longest of its batch. */
export const PAD = 0;
const SPECIAL = ["<pad>", "<unk>", "<start>", "<end>"];
/** What a piece begins with that begins a word. */
export const WORD_START = "▁";

/** What `translation/vocabulary.json` says: the subwords of both languages, and how translations are searched for. */
export interface Vocabulary extends DecoderVocabulary {
  /** By id. Of those that merges made, an earlier one was merged earlier; single characters come last. */
  readonly english: readonly string[];
  readonly russian: readonly string[];
  /** The id of an English piece; undefined where there is none. */
  idOf(piece: string): number | undefined;
}

/**
 * Reads `translation/vocabulary.json`.
 *
 * @throws `InklingError` with code `model_unavailable` when the file does not hold a vocabulary
 */
export function parseVocabulary(json: string): Vocabulary {
  const value: unknown = parse(json);
  if (typeof value !== "object" || value === null) throw malformed("it is not an object");
  const { english, russian, maxLength, lengthPenalty } = value as Record<string, unknown>;
  const ids = idsOf("english", english);
  idsOf("russian", russian);
  if (typeof maxLength !== "number" || !Number.isInteger(maxLength) || maxLength < 1) {
    throw malformed("maxLength is not a positive integer");
  }
  if (typeof lengthPenalty !== "number" || !(lengthPenalty >= 0 && lengthPenalty <= 1)) {
    throw malformed("lengthPenalty is not between 0 and 1");
  }
  return {
    english: english as string[],
    russian: russian as string[],
    idOf: (piece) => ids.get(piece),
    startToken: SPECIAL.indexOf("<start>"),
    endToken: SPECIAL.indexOf("<end>"),
    unknownToken: SPECIAL.indexOf("<unk>"),
    maxLength,
    lengthPenalty,
    // "1000" ends with a piece three times.
    mayStutter: true,
  };
}

function idsOf(language: string, pieces: unknown): Map<string, number> {
  if (!Array.isArray(pieces) || !pieces.every((piece) => typeof piece === "string" && piece !== "")) {
    throw malformed(`${language} is not a list of pieces`);
  }
  if (SPECIAL.some((piece, id) => pieces[id] !== piece)) {
    throw malformed(`${language} does not begin with ${SPECIAL.join(", ")}`);
  }
  const ids = new Map(pieces.map((piece: string, id) => [piece, id]));
  if (ids.size !== pieces.length) throw malformed(`a piece of ${language} is listed twice`);
  return ids;
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
    `The vocabulary of translation cannot be used: ${reason}.`,
    "Export the model again, or restore its files from the repository.",
    { cause },
  );
}
