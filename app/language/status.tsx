"use client";

import { Button } from "@/lib/ui/button";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { useContinuation } from "./use-continuation";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
export function Status({
  place,
  continuation: { running, typing, stopped, error, run, characters, given },
  deviceState,
  onStop,
}: {
  place: Place;
  continuation: ReturnType<typeof useContinuation>;
  deviceState: DeviceState;
  onStop: () => void;
}) {
  const doing = running
    ? `${place === "server" ? "The server" : "This device"} is writing…`
    : typing
      ? "It types…"
      : undefined;
  const written = run?.milliseconds === undefined ? "" : `Written: ${textOf(characters.slice(given))}`;
  return (
    <div className="flex min-h-9 items-baseline gap-5">
      {doing && (
        <>
          <p className="font-serif text-ink-soft text-xl">{doing}</p>
          <Button look="text" onClick={onStop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        </>
      )}
      {stopped && <p className="font-serif text-ink-soft text-xl">Stopped.</p>}
      <p role="status" className="sr-only">
        {doing ?? (stopped ? "Stopped." : error ? "" : written)} {describeDevice(deviceState)}
      </p>
    </div>
  );
}

function textOf(characters: readonly { readonly text: string }[]): string {
  return characters.map(({ text }) => text).join("");
}
