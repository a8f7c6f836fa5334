/** From a text to the lines that are written, and back to the text's characters. */
import { InklingError } from "@/lib/inference/errors";
import { findUnsupported, normalizeText } from "./characters";
import { MAX_LINES, MAX_TEXT_LENGTH } from "./options";

/** Where a character is written: the line, and the place in it, which is the line's length for what follows the last one. */
export interface CharacterPlace {
  readonly line: number;
  readonly index: number;
}

export interface Layout {
  /** The whole text, in Unicode NFC, its line breaks as `\n`. */
  readonly text: string;
  /** What is written on each line, words with single spaces between; "" for a line that is left free, null for a dream. */
  readonly lines: readonly (string | null)[];
  /** Of each code point of `text`: its own place, or of what is not written (a line break, a second space) the next one's. */
  readonly places: readonly CharacterPlace[];
}

/**
 * Breaks a text into lines at its line breaks, and further at words where a line would be too long. A word that is longer than a
 * line is broken where the line is full. Lines left free at the beginning and the end are left out.
 *
 * @param lineWidth - most characters a line
 * @throws `InklingError` with code `invalid_field` for a text without anything to write, `text_too_long` or
 *   `unsupported_characters`
 *
 * @example
 * layOut("a fine day", 6).lines; // ["a fine", "day"]
 */
export function layOut(text: string, lineWidth: number): Layout {
  const normalized = checkText(text);
  const lines: string[] = [];
  const places: (CharacterPlace | undefined)[] = [];
  for (const typed of normalized.split("\n")) {
    // Runs of spaces, and pieces of words that fit on a line.
    const tokens = typed.match(new RegExp(` +|[^ ]{1,${lineWidth}}`, "g")) ?? [];
    let line = "";
    let spaces = 0;
    for (const token of tokens) {
      if (token.startsWith(" ")) {
        spaces += token.length;
        continue;
      }
      const gap = line !== "" && spaces > 0 ? 1 : 0;
      const fits = line.length + gap + token.length <= lineWidth;
      if (!fits && line !== "") {
        lines.push(line);
        line = "";
      }
      // The space that is written has a place of its own; the others have the next character's.
      for (let index = 0; index < spaces; index += 1) {
        places.push(fits && gap === 1 && index === 0 ? { line: lines.length, index: line.length } : undefined);
      }
      if (fits && gap === 1) line += " ";
      for (let index = 0; index < token.length; index += 1) {
        places.push({ line: lines.length, index: line.length + index });
      }
      line += token;
      spaces = 0;
    }
    for (let index = 0; index < spaces; index += 1) places.push(undefined);
    // The line break; behind the last line there is none.
    places.push(undefined);
    lines.push(line);
  }
  places.pop();
  return withoutFreeEnds({ text: normalized, lines, places });
}

/**
 * Lines without a text, which the pen dreams.
 *
 * @param count - of lines, at least one
 */
export function layOutDream(count: number): Layout {
  return { text: "", lines: Array.from({ length: count }, () => null), places: [] };
}

/**
 * The text as it is written.
 *
 * @param field - what the text is called in messages
 * @param maxLength - characters
 * @throws as `layOut` does
 */
export function checkText(text: string, field = "text", maxLength = MAX_TEXT_LENGTH): string {
  const normalized = normalizeText(text);
  const { length } = Array.from(normalized);
  if (!/[^\s]/u.test(normalized)) {
    throw new InklingError(
      "invalid_field",
      `${field} must have something to write; it was ${length === 0 ? "empty" : "spaces and line breaks alone"}.`,
      `Send at least one letter, digit or sign in ${field}.`,
    );
  }
  if (length > maxLength) {
    throw new InklingError(
      "text_too_long",
      `${field} must have at most ${maxLength} characters; it has ${length}.`,
      "Shorten it, or send it in parts.",
    );
  }
  const breaks = normalized.split("\n").length;
  if (breaks > MAX_LINES) {
    throw new InklingError(
      "text_too_long",
      `${field} must have at most ${MAX_LINES} lines; it has ${breaks}.`,
      "Send it in parts.",
    );
  }
  const unsupported = findUnsupported(normalized);
  if (unsupported.length > 0) {
    const advice = unsupported.map(({ shown, suggestion }) => {
      if (suggestion === null) return `leave out ${shown}`;
      return `for ${shown} write ${suggestion === " " ? "a space" : suggestion}`;
    });
    throw new InklingError(
      "unsupported_characters",
      `${field} has characters that cannot be written: ${shorten(unsupported.map(({ shown }) => shown))}.`,
      `Use letters, digits and signs of ASCII: ${shorten(advice)}.`,
    );
  }
  return normalized;
}

/** A list in a sentence, its first 20 entries. */
function shorten(entries: readonly string[]): string {
  return entries.slice(0, 20).join(", ") + (entries.length > 20 ? " …" : "");
}

interface SparseLayout extends Pick<Layout, "text"> {
  readonly lines: readonly string[];
  readonly places: readonly (CharacterPlace | undefined)[];
}

function withoutFreeEnds({ text, lines, places }: SparseLayout): Layout {
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  const kept = lines.slice(first, last + 1);
  let next: CharacterPlace = { line: kept.length - 1, index: (kept.at(-1) as string).length };
  const filled = places
    .toReversed()
    .map((place) => {
      if (place) next = { line: place.line - first, index: place.index };
      return next;
    })
    .toReversed();
  return { text, lines: kept, places: filled };
}
