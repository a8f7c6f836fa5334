import { InklingError } from "@/lib/inference/errors";
import { MAX_TEXT_LENGTH } from "./options";

/** What the model has learned, after `normalizeText`: signs that come thrice at least in its training. */
const KNOWN = /[A-Za-z0-9 .,?!'":;()$-]/;

/** Typographic marks as the plain ones, as in `training/translation/vocabulary.py`. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[’‘‛ʼ´`]/gu, "'"],
  [/[“”„«»″]/gu, '"'],
  [/[–—−‐‑‒]/gu, "-"],
  [/…/gu, "..."],
];

/**
 * One space between words, typographic marks as plain ones, letters without their marks: how the model has seen English.
 *
 * @example
 * normalizeText("  “It’s a café…” "); // "\"It's a cafe...\""
 */
export function normalizeText(text: string): string {
  const plain = PLAIN.reduce((each, [marks, mark]) => each.replace(marks, mark), text);
  return plain
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .split(/\s+/u)
    .filter((word) => word !== "")
    .join(" ");
}

/**
 * What of a text can be translated, as `normalizeText` makes it.
 *
 * @throws `InklingError` with code `invalid_field` for a text without anything to translate, `text_too_long` or
 *   `unsupported_characters`, whose detail lists them
 */
export function checkText(text: string): string {
  const { length } = Array.from(text.normalize("NFC"));
  const normalized = normalizeText(text);
  if (normalized === "") {
    throw new InklingError(
      "invalid_field",
      `text must have something to translate; it was ${length === 0 ? "empty" : "spaces alone"}.`,
      "Send at least one letter, digit or sign in text.",
    );
  }
  if (length > MAX_TEXT_LENGTH) {
    throw new InklingError(
      "text_too_long",
      `text must have at most ${MAX_TEXT_LENGTH} characters; it has ${length}.`,
      "Shorten it, or send it in parts.",
    );
  }
  const unsupported = [...new Set(normalized)].filter((character) => !KNOWN.test(character));
  if (unsupported.length > 0) {
    throw new InklingError(
      "unsupported_characters",
      `text has characters that the model has not learned: ${unsupported.slice(0, 20).map(show).join(", ")}${unsupported.length > 20 ? " …" : ""}.`,
      "Write in English letters, digits and plain signs, and leave these out.",
    );
  }
  return normalized;
}

/** A character that can be seen as itself, another by its code point. */
function show(character: string): string {
  const code = `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? character : code;
}
