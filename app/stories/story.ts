/** A story as the visitor edits it, and as it is asked about. */
import { MAX_SENTENCE_LENGTH, MAX_SENTENCES } from "@/lib/stories/options";
import { splitWords } from "@/lib/stories/words";

export interface StoryText {
  /** Sentences, some of which may be empty while they are edited. */
  readonly story: readonly string[];
  readonly question: string;
}

/**
 * Parts a text into sentences: at line breaks, and after a full stop, exclamation or question mark. The numbers of bAbI's files are
 * left out.
 *
 * @example
 * splitSentences("1 Mary went out. John stayed."); // ["Mary went out.", "John stayed."]
 */
export function splitSentences(text: string): string[] {
  return text
    .split(/\n|(?<=[.!?])\s+/u)
    .map((sentence) => sentence.replace(/^\s*\d+\s+/u, "").trim())
    .filter((sentence) => sentence !== "");
}

/** No longer than may be asked, on one line. */
export function cutSentence(text: string): string {
  return Array.from(text.replace(/\s/gu, " ")).slice(0, MAX_SENTENCE_LENGTH).join("");
}

/** What is asked: the sentences with a word in them; undefined where there is none, or no question. */
export function toAsked({ story, question }: StoryText): StoryText | undefined {
  const asked = story.map(cutSentence).filter(hasWord).slice(0, MAX_SENTENCES);
  return asked.length > 0 && hasWord(question) ? { story: asked, question: cutSentence(question) } : undefined;
}

/** Whether a sentence says anything. */
export function hasWord(sentence: string): boolean {
  return splitWords(sentence).length > 0;
}
