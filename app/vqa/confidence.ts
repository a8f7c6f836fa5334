/** Says in words how far an answer is to be trusted. */
import type { VqaResponse } from "@/app/api/vqa/schema";

/**
 * Below this the model does not know: fewer than one of five such answers is right, as the probabilities are calibrated.
 */
export const UNKNOWN_BELOW = 0.2;
/** Below this it is not sure: the answer is more often wrong than right. */
export const UNSURE_BELOW = 0.5;
/** Nor is it sure where the second answer comes as close as this: "yes" at 55 % is little more than a toss of a coin. */
export const CLOSE_CALL = 0.15;

/** One sentence, or undefined where the answer speaks for itself. */
export function describeConfidence({
  answers: [best, second],
  questionWords,
}: Pick<VqaResponse, "answers" | "questionWords">): string | undefined {
  if (!best) return undefined;
  if (!questionWords.some(({ known }) => known)) {
    return "I know none of these words: this is what I would say to any question.";
  }
  if (best.probability < UNKNOWN_BELOW) return "I do not know. This is only the best of many guesses.";
  if (best.probability < UNSURE_BELOW) return "I am not sure: it is more likely to be something else.";
  if (second && best.probability - second.probability < CLOSE_CALL) {
    return `I am not sure: “${second.text}” is almost as likely.`;
  }
  return undefined;
}

/** What the photo did to the answer, in one sentence. */
export function comparePrior({ answers, withoutImage }: Pick<VqaResponse, "answers" | "withoutImage">): string {
  const [best] = answers;
  const [prior] = withoutImage;
  if (best?.text !== prior?.text) return "The photo changed the answer.";
  const rise = (best?.probability ?? 0) - (prior?.probability ?? 0);
  return rise > CLOSE_CALL
    ? "The photo made it surer of the same answer."
    : "It would say the same without the photo: the words alone suggest it.";
}
