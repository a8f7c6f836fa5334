"use client";

import { Button } from "@/lib/ui/button";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { useWriting } from "./use-writing";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
export function Status({
  empty,
  finished,
  place,
  writing: { run, current, running, stopped, start },
  deviceState,
  onStop,
}: {
  /** Whether there is nothing to write. */
  empty: boolean;
  /** Whether the visitor has come to the end of the text: before that nothing is read out. */
  finished: boolean;
  place: Place;
  writing: ReturnType<typeof useWriting>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const doing = running && `Writing on ${place === "server" ? "the server" : "this device"}…`;
  const said = run?.response.text;
  const written = finished && current && run ? (said === "" ? "Written without a text." : `Written: ${said}`) : "";
  return (
    <>
      {doing && (
        // Where it comes at once nothing flickers.
        <div className="flex items-baseline gap-5 text-ink-soft text-note">
          <p>{doing}</p>
          <Button look="text" className="text-note" onClick={onStop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        </div>
      )}
      {stopped && (
        <div className="flex items-baseline gap-5 text-ink-soft text-note">
          <p>Stopped.</p>
          <Button look="text" className="text-note" onClick={start}>
            Write it
          </Button>
        </div>
      )}
      {empty && <p className="text-ink-soft text-note">There is nothing to write yet.</p>}
      <p role="status" className="sr-only">
        {finished && doing ? doing : stopped ? "Stopped." : written} {describeDevice(deviceState)}
      </p>
    </>
  );
}
