"use client";

import { Button } from "@/lib/ui/button";
import type { Photo } from "@/lib/ui/photo/photo";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { useCaptioning } from "./use-captioning";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
export function Status({
  photo,
  reading,
  place,
  captioning: { run, running, stopped, start },
  deviceState,
  onStop,
}: {
  photo: Photo;
  reading: boolean;
  place: Place;
  captioning: ReturnType<typeof useCaptioning>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const doing = reading
    ? "Reading the photo…"
    : running && `Captioning on ${place === "server" ? "the server" : "this device"}…`;
  const caption = run?.response.captions[0]?.text;
  return (
    <>
      {doing && (
        <div className="mt-6 flex items-baseline gap-5">
          <p className="font-serif text-ink-soft text-xl">{doing}</p>
          <Button look="text" onClick={onStop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        </div>
      )}
      {stopped && (
        <div className="mt-6 flex items-baseline gap-5">
          <p className="font-serif text-ink-soft text-xl">Stopped.</p>
          <Button look="text" onClick={start}>
            Caption it
          </Button>
        </div>
      )}
      {photo.note && <p className="mt-3 text-ink-soft text-note">{photo.note}</p>}
      <p role="status" className="sr-only">
        {doing || (stopped ? "Stopped." : caption && run?.milliseconds !== undefined && `Caption: ${caption}.`)}{" "}
        {describeDevice(deviceState)}
      </p>
    </>
  );
}
