"use client";

import { Button } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import { spellAnswer } from "./answer";
import type { useAnswer } from "./use-answer";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
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
  const doing = running && `Asking ${place === "server" ? "the server" : "this device"}…`;
  const best = run?.response.answers[0];
  const answered =
    settled && current && best ? `Answer: ${spellAnswer(best.text)}, ${formatProbability(best.probability)}.` : "";
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
      {missing && <p className="font-serif text-ink-soft text-xl">{missing}</p>}
      <p role="status" className="sr-only">
        {missing ?? (doing && !run ? doing : stopped ? "Stopped." : answered)} {describeDevice(deviceState)}
      </p>
    </>
  );
}
