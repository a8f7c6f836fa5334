/** What can be written, and what to write in place of what cannot. The variants are those of `training/data/ink.py`. */

/** Printable ASCII. */
const WRITABLE = /^[ -~]$/;

const VARIANTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    "'": "‘’‚‛´′ʼ`",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—−",
    " ": "\t\u000b\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    "...": "…",
    "*": "•·∙",
    x: "×",
    "/": "÷⁄∕",
    ss: "ß",
    SS: "ẞ",
    ae: "æ",
    AE: "Æ",
    oe: "œ",
    OE: "Œ",
    o: "ø",
    O: "Ø",
    l: "ł",
    L: "Ł",
    d: "đð",
    D: "ĐÐ",
    th: "þ",
    Th: "Þ",
    i: "ı",
    EUR: "€",
    GBP: "£",
    "!": "¡",
    "?": "¿",
    "<": "‹",
    ">": "›",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "->": "→",
    "<-": "←",
  }).flatMap(([plain, variants]) => Array.from(variants, (variant) => [variant, plain])),
);

export interface UnsupportedCharacter {
  /** One code point. */
  readonly character: string;
  /** How it is shown to people: itself, or its number where it has no picture, e.g. “U+0000”. */
  readonly shown: string;
  /** What to write in its place, in characters that can be written; null where nothing is close: leave it out. */
  readonly suggestion: string | null;
}

/** Whether one code point can be written; a line break can, as what stands after it goes on a new line. */
export function isWritable(character: string): boolean {
  return WRITABLE.test(character) || character === "\n";
}

/**
 * The characters of a text that cannot be written, each once, in their order.
 *
 * @param text - in Unicode NFC, its line breaks as `\n` (`normalizeText`)
 *
 * @example
 * findUnsupported("Café—π"); // é → "e", — → "-", π → null
 */
export function findUnsupported(text: string): UnsupportedCharacter[] {
  const found = new Set(Array.from(text).filter((character) => !isWritable(character)));
  return [...found].map((character) => ({
    character,
    shown: /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? character : codePointOf(character),
    suggestion: plainForm(character),
  }));
}

/** The text as it is written: Unicode NFC, line breaks as `\n`. */
export function normalizeText(text: string): string {
  return text.normalize("NFC").replace(/\r\n?/g, "\n");
}

/** One character in those that can be written, by its variant or without its accents; null where there is none. */
function plainForm(character: string): string | null {
  const variant = VARIANTS[character];
  if (variant !== undefined) return variant;
  const bare = Array.from(character.normalize("NFKD"), (part) => VARIANTS[part] ?? part)
    .join("")
    .replace(/\p{M}/gu, "");
  return bare !== "" && Array.from(bare).every((part) => WRITABLE.test(part)) ? bare : null;
}

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}
