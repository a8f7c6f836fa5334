import { philox, uniform } from "@/lib/inference/philox";

/**
 * Fills in the uniform numbers by which one character is drawn, one for each character that it might be. They follow from the
 * seed and from the character's place alone: a text that is written in two parts is the one that is written at once.
 *
 * @param seed - 0 to 2³² − 1
 * @param place - of the character, counted from the text's first one
 * @param into - takes them, all of it
 */
export function fillNoise(seed: number, place: number, into: Float32Array): void {
  for (let start = 0; start < into.length; start += 4) {
    philox([place, start / 4, 0, 0], [seed, 0]).forEach((bits, index) => {
      // Writing beyond a typed array's end does nothing.
      into[start + index] = uniform(bits);
    });
  }
}
