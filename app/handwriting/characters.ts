/** Characters that the model does not write, and what to write in their place. */

/** Everything it was taught: printable ASCII, and the line break. */
const WRITTEN = /^[\u0020-\u007e\n]$/;

/** Where taking off accents is not enough. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  "\t": " ",
  "‘": "'",
  "’": "'",
  "‚": ",",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "...",
  "•": "*",
  "·": ".",
  "×": "x",
  "÷": "/",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "©": "(c)",
  "®": "(R)",
  "°": " deg",
  "¿": "?",
  "¡": "!",
  ß: "ss",
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  å: "aa",
  Å: "Aa",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ð: "d",
  þ: "th",
};

export interface UnsupportedCharacter {
  readonly character: string;
  /** What it is called where it cannot be seen. */
  readonly name: string;
  /** What to write in its place; empty where there is nothing like it. */
  readonly replacement: string;
}

/** Each character of a text that cannot be written, once, in order. */
export function findUnsupported(text: string): UnsupportedCharacter[] {
  const found = new Set(Array.from(text.normalize("NFC")).filter((character) => !WRITTEN.test(character)));
  return [...found].map((character) => ({ character, name: nameOf(character), replacement: replacementOf(character) }));
}

/** A text that can be written: what cannot is replaced, or left out. */
export function replaceUnsupported(text: string): string {
  return Array.from(text.normalize("NFC"))
    .map((character) => (WRITTEN.test(character) ? character : replacementOf(character)))
    .join("");
}

function replacementOf(character: string): string {
  const replacement = REPLACEMENTS[character];
  if (replacement !== undefined) return replacement;
  // Compatibility forms are taken apart (ﬁ, ½, full width), and what is left of accents is dropped.
  const plain = Array.from(character.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("⁄", "/"));
  return plain.every((each) => WRITTEN.test(each)) ? plain.join("") : "";
}

function nameOf(character: string): string {
  if (character === "\t") return "the tab";
  if (/[\p{C}\p{Z}\p{M}]/u.test(character)) {
    return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return `“${character}”`;
}
