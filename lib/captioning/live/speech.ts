/** Which captions are said aloud: whoever listens cannot skim. */

/** Milliseconds from the end of one caption to the beginning of the next at least. */
const PAUSE = 2500;
/** Milliseconds after which a caption counts as said: some voices never tell. */
const LONGEST = 15_000;

export interface SpeechGate {
  /** Whether to say a text now; then `ended` is to follow. What is refused is not made up for. */
  ask(text: string, now: number): boolean;
  ended(now: number): void;
}

export function createSpeechGate(): SpeechGate {
  let said: string | undefined;
  /** When the next may be said. */
  let free = Number.NEGATIVE_INFINITY;
  return {
    ask(text, now) {
      if (now < free || text === said) return false;
      said = text;
      free = now + LONGEST;
      return true;
    },
    ended(now) {
      free = now + PAUSE;
    },
  };
}
