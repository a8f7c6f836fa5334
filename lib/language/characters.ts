import { InklingError } from "@/lib/inference/errors";
import { MAX_TEXT_LENGTH } from "./options";

/** What typewriters, as those who typed the books did, have one sign for: the rule of `training/language/characters.py`. */
const SPELLINGS: readonly (readonly [written: string, found: RegExp])[] = [
  ["\n", /\r\n?/gu],
  [" ", /[\t\u00a0]/gu],
  ['"', /[“”„«»]/gu],
  ["'", /[‘’‚]/gu],
  ["--", /—/gu],
  ["-", /[–‐‑]/gu],
  ["...", /…/gu],
];

/** What `language/characters.json` says. */
export interface Characters {
  /** By id. */
  readonly known: readonly string[];
  /** Ids of what the model reads before every text: a paragraph's break. */
  readonly begin: readonly number[];
  /** Units of the LSTM. */
  readonly hidden: number;
  /** Undefined where it is not known. */
  idOf(character: string): number | undefined;
}

/**
 * Reads `language/characters.json`.
 *
 * @throws `InklingError` with code `model_unavailable` when the file does not hold characters
 */
export function parseCharacters(json: string): Characters {
  const value: unknown = parse(json);
  if (typeof value !== "object" || value === null) throw malformed("it is not an object");
  const { characters, begin, hidden } = value as Record<string, unknown>;
  if (typeof characters !== "string" || characters === "") throw malformed("characters is not a text");
  const known = Array.from(characters);
  const ids = new Map(known.map((character, id) => [character, id]));
  if (ids.size !== known.length) throw malformed("a character is listed twice");
  if (typeof begin !== "string" || !Array.from(begin).every((character) => ids.has(character))) {
    throw malformed("begin is not a text of known characters");
  }
  if (typeof hidden !== "number" || !Number.isInteger(hidden) || hidden < 1) throw malformed("hidden is not a number");
  const idOf = (character: string) => ids.get(character);
  return { known, begin: Array.from(begin, idOf) as number[], hidden, idOf };
}

/**
 * The text as it is read: typographic quotes, dashes and spaces as on a typewriter, letters without their accents.
 *
 * @example
 * spell("“Café…”"); // "\"Cafe...\""
 */
export function spell(text: string): string {
  const plain = SPELLINGS.reduce((spelled, [written, found]) => spelled.replace(found, written), text);
  return plain.normalize("NFD").replace(/\p{Mn}/gu, "");
}

/** The characters of a spelled text that the model does not know, each once, as they are shown to people. */
export function findUnknown(spelled: string, idOf: Characters["idOf"]): string[] {
  const unknown = new Set(Array.from(spelled).filter((character) => idOf(character) === undefined));
  return [...unknown].map((character) => (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? character : nameOf(character)));
}

/**
 * The text to go on from.
 *
 * @returns its characters as they are read, and their ids
 * @throws `InklingError` with code `text_too_long` or `unsupported_characters`
 */
export function readText(text: string, { idOf }: Pick<Characters, "idOf">): { characters: string[]; ids: number[] } {
  const spelled = spell(text);
  const characters = Array.from(spelled);
  if (characters.length > MAX_TEXT_LENGTH) {
    throw new InklingError(
      "text_too_long",
      `text must have at most ${MAX_TEXT_LENGTH} characters; it has ${characters.length}.`,
      `Send its last ${MAX_TEXT_LENGTH} characters alone.`,
    );
  }
  const unknown = findUnknown(spelled, idOf);
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 20).join(", ") + (unknown.length > 20 ? " …" : "");
    throw new InklingError(
      "unsupported_characters",
      `text has characters that the model has never read: ${shown}.`,
      "Leave them out, or write English letters, digits and the signs of an old novel in their place.",
    );
  }
  return { characters, ids: characters.map(idOf) as number[] };
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
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
    `The characters of the language model cannot be used: ${reason}.`,
    "Export the model again, or restore its files from the repository.",
    { cause },
  );
}
