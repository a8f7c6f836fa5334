"use client";

import { useEffect, useEffectEvent, useId, useRef } from "react";

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
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // React's `onChange` is the browser's `input`, which comes all the way.
  const commit = useEffectEvent(() => input.current && onCommit?.(input.current.valueAsNumber));
  useEffect(() => {
    const listened = input.current;
    const listener = () => commit();
    listened?.addEventListener("change", listener);
    return () => listened?.removeEventListener("change", listener);
  }, []);
  return (
    <div className="grid grid-cols-[1fr_auto] items-baseline">
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
      <output htmlFor={id} className="numbers text-ink-soft text-note">
        {format(value)}
      </output>
      <input
        ref={input}
        id={id}
        type="range"
        value={value}
        min={min}
        max={max}
        step={step}
        aria-valuetext={format(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
        className="slider col-span-2 h-8 w-full"
      />
    </div>
  );
}
