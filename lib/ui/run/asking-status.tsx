"use client";

import type { ReactNode } from "react";
import { Button } from "../button";
import { describeDevice } from "./describe-device";
import type { DeviceState } from "./use-device";

/** What is going on, for those who look and, through a live region, for those who listen; and the way to stop it. */
export function AskingStatus({
  missing,
  doing,
  stopped,
  again,
  heard,
  deviceState,
  onStart,
  onStop,
}: {
  /** What is wanting to ask; undefined where nothing is. */
  missing: string | undefined;
  /** Undefined where nothing is under way, or an earlier answer is there to look at: the next one comes before this could be read. */
  doing: string | undefined;
  stopped: boolean;
  /** What starts it again. */
  again: string;
  /** The answer as it is read out; empty where it is not to be. */
  heard: ReactNode;
  deviceState: DeviceState;
  onStart: () => void;
  onStop: () => void;
}) {
  return (
    <>
      {doing && (
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
          <Button look="text" onClick={onStart}>
            {again}
          </Button>
        </div>
      )}
      {missing && <p className="font-serif text-ink-soft text-xl">{missing}</p>}
      <p role="status" className="sr-only">
        {missing ?? doing ?? (stopped ? "Stopped." : heard)} {describeDevice(deviceState)}
      </p>
    </>
  );
}
