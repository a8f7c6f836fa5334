"use client";

import { Progress } from "@base-ui/react/progress";

/** @param text - how far it is, in words: "3.1 of 21.4 MB" */
export function ProgressBar({ label, value, max, text }: { label: string; value: number; max: number; text: string }) {
  return (
    <Progress.Root
      value={value}
      max={max}
      getAriaValueText={() => text}
      className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-2 text-note"
    >
      <Progress.Label>{label}</Progress.Label>
      <span className="numbers text-ink-soft">{text}</span>
      <Progress.Track className="col-span-2 h-[3px] bg-ink/15">
        <Progress.Indicator className="bg-ink" />
      </Progress.Track>
    </Progress.Root>
  );
}
