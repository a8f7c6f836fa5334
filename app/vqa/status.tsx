"use client";

import { formatProbability } from "@/lib/ui/format";
import { AskingStatus } from "@/lib/ui/run/asking-status";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import { describeConfidence } from "./confidence";
import type { useAnswer } from "./use-answer";

/** Whether a question is being answered, and what it was answered. */
export function Status({
  asked,
  finished,
  reading,
  place,
  answer: { run, current, running, stopped, start },
  deviceState,
  onStop,
}: {
  /** Whether there is a question with a word in it. */
  asked: boolean;
  /** Whether the visitor has come to the end of the question: before that no answer is read out. */
  finished: boolean;
  reading: boolean;
  place: Place;
  answer: ReturnType<typeof useAnswer>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const doing = reading
    ? "Reading the photo…"
    : running
      ? `Asking ${place === "server" ? "the server" : "this device"}…`
      : undefined;
  return (
    <AskingStatus
      missing={asked ? undefined : "A question needs a word."}
      doing={run ? undefined : doing}
      stopped={stopped}
      again="Ask it"
      heard={finished && current && run ? spoken(run.response) : ""}
      deviceState={deviceState}
      onStart={start}
      onStop={onStop}
    />
  );
}

function spoken(response: NonNullable<ReturnType<typeof useAnswer>["run"]>["response"]): string {
  const [best, ...others] = response.answers;
  if (!best) return "";
  const rest = others.slice(0, 2).map(({ text, probability }) => `${text}, ${formatProbability(probability)}`);
  const doubt = describeConfidence(response);
  return `Answer: ${best.text}, ${formatProbability(best.probability)}. ${doubt ? `${doubt} ` : ""}Then ${rest.join("; ")}.`;
}
