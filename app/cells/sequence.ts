/** The sequence that a visitor types. */

export const MAX_STEPS = 16;
/** The greatest number that may be typed, and, below zero, the least. */
export const MAX_VALUE = 9;

export type ParsedSequence =
  | { readonly values: readonly number[] }
  /** One sentence: what is wrong, and what to do about it. */
  | { readonly problem: string };

/** Numbers with spaces, commas or semicolons between them; a word of zeros and ones is a word of bits. */
export function parseSequence(text: string): ParsedSequence {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const words = parts.flatMap((part) => (/^[01]{2,}$/.test(part) ? [...part] : [part]));
  if (words.length === 0) return { problem: "There is nothing to read yet: type a few numbers, for example 1 0 1 1." };
  const strange = words.find((word) => !/^[-+−]?(\d+\.?\d*|\.\d+)$/.test(word));
  if (strange !== undefined)
    return { problem: `“${strange.slice(0, 20)}” is not a number: write numbers such as 1, 0 or −0.5.` };
  const values = words.map((word) => Number(word.replace("−", "-")));
  if (values.some((value) => Math.abs(value) > MAX_VALUE)) {
    return { problem: `Keep the numbers between −${MAX_VALUE} and ${MAX_VALUE}: cells are made for small ones.` };
  }
  if (values.length > MAX_STEPS) {
    return {
      problem: `These are ${values.length} steps, and ${MAX_STEPS} is the most that can be shown: take some away.`,
    };
  }
  return { values };
}
