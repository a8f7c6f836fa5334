/** What a link to the page can say. */
import { MAX_SENTENCES } from "@/lib/stories/options";
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";
import { cutSentence, hasWord, type StoryText } from "./story";

/** Longest query of a link: servers and messengers cut longer addresses off. */
export const MAX_QUERY_LENGTH = 6_000;

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What is absent is left to the page. */
export interface SharedSettings extends Partial<StoryText> {
  readonly runOn?: RunOn;
}

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared({ story, question, runOn }: Query): SharedSettings {
  const lines = typeof story === "string" ? story.split("\n") : [];
  const sentences = lines.map(cutSentence).filter(hasWord).slice(0, MAX_SENTENCES);
  return {
    story: sentences.length > 0 ? sentences : undefined,
    question: typeof question === "string" && hasWord(question) ? cutSentence(question) : undefined,
    runOn: RUN_ON.find((each) => each === runOn),
  };
}

/** The query of a link that shows the same again; undefined where the story is too long for one. */
export function formatShared({ story, question }: StoryText, runOn: RunOn): string | undefined {
  const text = new URLSearchParams({ story: story.join("\n"), question, runOn }).toString();
  return text.length > MAX_QUERY_LENGTH ? undefined : text;
}
