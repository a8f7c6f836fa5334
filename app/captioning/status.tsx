"use client";

import type { ReactNode } from "react";
import { Button } from "@/lib/ui/button";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { useCaptioning } from "./use-captioning";

interface Doing {
  /** A photo has been asked for and is not here yet. */
  readonly reading: boolean;
  readonly place: Place;
  readonly captioning: ReturnType<typeof useCaptioning>;
}

/** What is going on, in a sentence; undefined when nothing is. */
function describe({ reading, place, captioning: { running, stopped } }: Doing): string | undefined {
  if (reading) return "Reading the photo…";
  if (running) return `Captioning on ${place === "server" ? "the server" : "this device"}…`;
  return stopped ? "Stopped." : undefined;
}

/** What is going on, for those who look, and the way to stop it or to go on; undefined when nothing is. */
export function progressOf(doing: Doing & { readonly onStop: () => void }): ReactNode {
  const sentence = describe(doing);
  const { stopped, start } = doing.captioning;
  const waiting = stopped && !doing.reading;
  return (
    sentence && (
      <div className="flex items-baseline gap-5">
        <p className="font-serif text-xl">{sentence}</p>
        {waiting ? (
          <Button look="text" onClick={start}>
            Caption it
          </Button>
        ) : (
          <Button look="text" onClick={doing.onStop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        )}
      </div>
    )
  );
}

/** The same for those who listen, and then the caption; outside of what is marked as busy, which would keep it silent. */
export function LiveStatus({ deviceState, ...doing }: Doing & { readonly deviceState: DeviceState }) {
  const { run } = doing.captioning;
  const caption = run?.milliseconds !== undefined && run.response.captions[0]?.text;
  return (
    <p role="status" className="sr-only">
      {describe(doing) ?? (caption && `Caption: ${caption}.`)} {describeDevice(deviceState)}
    </p>
  );
}
