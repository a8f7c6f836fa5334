import type { PenPosition } from "@/lib/handwriting/rhythm";
import type { WrittenCharacter } from "@/lib/handwriting/types";

/**
 * Index of the character that is written where the pen is: the last that the window has reached.
 *
 * @param characters - in the order of their points
 * @returns -1 before the first
 */
export function characterAt(characters: readonly WrittenCharacter[], { stroke, point }: PenPosition): number {
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = characters[middle] as WrittenCharacter;
    if (at.stroke < stroke || (at.stroke === stroke && at.point <= point)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
