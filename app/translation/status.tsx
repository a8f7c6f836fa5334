"use client";

import { AskingStatus } from "@/lib/ui/run/asking-status";
import type { Place } from "@/lib/ui/run/measured-times";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { Asked } from "./settings";
import type { useTranslation } from "./use-translation";

/** Whether a text is being translated, and what it became. */
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
  const asking = `Asking ${place === "server" ? "the server" : "this device"}…`;
  const best = run?.response.translations[0];
  return (
    <AskingStatus
      missing={asked ? undefined : "Nothing to translate yet."}
      doing={running && !run ? asking : undefined}
      stopped={stopped}
      again="Translate it"
      heard={
        settled &&
        current &&
        best && (
          <>
            Translation: <span lang="ru">{best.text}</span>
          </>
        )
      }
      deviceState={deviceState}
      onStart={start}
      onStop={onStop}
    />
  );
}
