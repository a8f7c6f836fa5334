"use client";

import { Button } from "@/lib/ui/button";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { Asked } from "./settings";
import type { useTranslation } from "./use-translation";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
export function Status({
  settled,
  place,
  asked,
  translation: { run, current, running, stopped, start },
  deviceState,
  onStop,
}: {
  /** Whether what is typed is what is asked: before that no translation is read out. */
  settled: boolean;
  place: Place;
  /** Undefined where there is nothing to translate. */
  asked: Asked | undefined;
  translation: ReturnType<typeof useTranslation>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const missing = asked ? undefined : "Nothing to translate yet.";
  const doing = running && `Asking ${place === "server" ? "the server" : "this device"}…`;
  const best = run?.response.translations[0];
  return (
    <>
      {/* Where there is a translation to look at, the next one is there before this could be read. */}
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
            Translate it
          </Button>
        </div>
      )}
      {missing && <p className="font-serif text-ink-soft text-xl">{missing}</p>}
      <p role="status" className="sr-only">
        {missing ?? (doing && !run ? doing : stopped ? "Stopped." : "")}
        {settled && current && best && (
          <>
            Translation: <span lang="ru">{best.text}</span>
          </>
        )}{" "}
        {describeDevice(deviceState)}
      </p>
    </>
  );
}
