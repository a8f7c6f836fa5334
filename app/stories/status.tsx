"use client";

import { formatProbability } from "@/lib/ui/format";
import { AskingStatus } from "@/lib/ui/run/asking-status";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import { spellAnswer } from "./answer";
import type { useAnswer } from "./use-answer";

/** Whether a question is being answered, and what it was answered. */
export function Status({
  missing,
  settled,
  place,
  answer: { run, current, running, stopped, start },
  deviceState,
  onStop,
}: {
  /** What is wanting to ask; undefined where nothing is. */
  missing: string | undefined;
  /** Whether what is typed is what is asked: before that no answer is read out. */
  settled: boolean;
  place: Place;
  answer: ReturnType<typeof useAnswer>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const asking = `Asking ${place === "server" ? "the server" : "this device"}…`;
  const best = run?.response.answers[0];
  return (
    <AskingStatus
      missing={missing}
      doing={running && !run ? asking : undefined}
      stopped={stopped}
      again="Ask it"
      heard={
        settled && current && best ? `Answer: ${spellAnswer(best.text)}, ${formatProbability(best.probability)}.` : ""
      }
      deviceState={deviceState}
      onStart={start}
      onStop={onStop}
    />
  );
}
