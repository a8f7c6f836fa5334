"use client";

import { Slider as Base } from "@base-ui/react/slider";

/** A labelled slider over numbers. `onCommit` comes once the visitor lets go, `onChange` all the way. */
export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  format = String,
  onChange,
  onCommit,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  format?: (value: number) => string;
  onChange: (value: number) => void;
  onCommit?: (value: number) => void;
}) {
  return (
    <Base.Root
      value={value}
      min={min}
      max={max}
      step={step}
      onValueChange={onChange}
      onValueCommitted={onCommit}
      className="grid grid-cols-[1fr_auto] items-baseline"
    >
      <Base.Label className="text-sm">{label}</Base.Label>
      <Base.Value className="numbers text-ink-soft text-note">{() => format(value)}</Base.Value>
      <Base.Control className="col-span-2 flex h-8 touch-none select-none items-center">
        <Base.Track className="h-px w-full bg-ink/30">
          <Base.Indicator className="bg-ink" />
          <Base.Thumb
            getAriaValueText={(_, current) => format(current)}
            className="size-4 rounded-full border border-ink bg-paper has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-ink has-[:focus-visible]:outline-offset-3"
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
