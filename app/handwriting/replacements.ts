import { findUnsupported, normalizeText } from "@/lib/handwriting/characters";

/** A text that can be written: each character that cannot is replaced by what is suggested for it, or left out. */
export function replaceUnsupported(text: string): string {
  const normalized = normalizeText(text);
  const plain = new Map(findUnsupported(normalized).map(({ character, suggestion }) => [character, suggestion ?? ""]));
  return Array.from(normalized, (character) => plain.get(character) ?? character).join("");
}
