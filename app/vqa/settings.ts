/** What a link to the page can say. */
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";
import { MAX_QUESTION_LENGTH } from "@/lib/vqa/options";

/** What is absent is left to the page. */
export interface SharedSettings {
  /** At most `MAX_QUESTION_LENGTH` code points. */
  readonly question?: string;
  /** A sample's id: a photo of the visitor's own is never in a link. */
  readonly photo?: string;
  readonly runOn?: RunOn;
}

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared({ question, photo, runOn }: Query): SharedSettings {
  return {
    question: typeof question === "string" && question.trim() !== "" ? cutQuestion(question) : undefined,
    photo: typeof photo === "string" ? photo : undefined,
    runOn: RUN_ON.find((each) => each === runOn),
  };
}

/** The query of a link that shows the same again. */
export function formatShared({ photo, question, runOn }: SharedSettings): string {
  const query = new URLSearchParams();
  if (photo) query.set("photo", photo);
  if (question) query.set("question", question);
  if (runOn) query.set("runOn", runOn);
  return query.toString();
}

/** A question on one line and no longer than may be asked. */
export function cutQuestion(text: string): string {
  return Array.from(text.replace(/\s/gu, " ")).slice(0, MAX_QUESTION_LENGTH).join("");
}
