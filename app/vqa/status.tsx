"use client";

import { Button } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import { describeConfidence } from "./confidence";
import type { useAnswer } from "./use-answer";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
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
    : running && `Asking ${place === "server" ? "the server" : "this device"}…`;
  const answered = finished && current && run ? spoken(run.response) : "";
  return (
    <>
      {/* Where there is an answer to look at, the next one is there before this could be read. */}
      {doing && !run && (
        <div className="flex items-baseline gap-5">
          <p className="font-serif text-ink-soft text-xl">{doing}</p>
          <Button look="text" onClick={onStop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        </div>
      )}
      {stopped && (
        <div className="flex items-baseline gap-5">
          <p className="font-serif text-ink-soft text-xl">Stopped.</p>
          <Button look="text" onClick={start}>
            Ask it
          </Button>
        </div>
      )}
      {!asked && <p className="font-serif text-ink-soft text-xl">A question needs a word.</p>}
      <p role="status" className="sr-only">
        {doing && !run ? doing : stopped ? "Stopped." : answered} {describeDevice(deviceState)}
      </p>
    </>
  );
}

function spoken(response: NonNullable<ReturnType<typeof useAnswer>["run"]>["response"]): string {
  const [best, ...others] = response.answers;
  if (!best) return "";
  const rest = others.slice(0, 2).map(({ text, probability }) => `${text}, ${formatProbability(probability)}`);
  const doubt = describeConfidence(response);
  return `Answer: ${best.text}, ${formatProbability(best.probability)}. ${doubt ? `${doubt} ` : ""}Then ${rest.join("; ")}.`;
}
