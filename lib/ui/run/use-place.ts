"use client";

import { useCallback, useState } from "react";
import { useOnline } from "../use-online";
import { useStoredState } from "../use-stored-state";
import { addTime, fasterPlace, type Place, parseTimes, RUN_ON, type RunOn } from "./measured-times";
import type { Run } from "./run";
import type { Device } from "./use-device";

const parseRunOn = (stored: string | null): RunOn => RUN_ON.find((each) => each === stored) ?? "auto";

/**
 * Where to run: what the visitor chose, which is remembered for every page, or what was measured here.
 *
 * @param linked - what the page's link says; it counts until the visitor chooses
 * @param measuredKey - under which the task's times are remembered
 */
export function usePlace(linked: RunOn | undefined, measuredKey: string, device: Device) {
  const [remembered, remember] = useStoredState("inkling.runOn", parseRunOn);
  const [fromLink, setFromLink] = useState(linked);
  const choice = fromLink ?? remembered;
  const [measured, storeMeasured] = useStoredState(measuredKey, parseTimes);
  const wanted = choice === "auto" ? fasterPlace(measured) : choice;
  const online = useOnline();
  // Nothing is downloaded unasked: until the model is here the server answers.
  const place: Place = device.here && (wanted === "device" || !online) ? "device" : "server";

  const addRun = useCallback(
    (run: Run<unknown>) => {
      if (run.milliseconds !== undefined && !run.fallback) {
        storeMeasured(JSON.stringify(addTime(measured, run.place, run.milliseconds)));
      }
    },
    [measured, storeMeasured],
  );
  const choose = (next: RunOn) => {
    setFromLink(undefined);
    remember(next);
  };

  return {
    choice,
    /** Where the next run goes. */
    place,
    online,
    measured,
    choose,
    /** Remembers what a run took. */
    addRun,
  };
}
