"use client";

import { useHydrated } from "./use-hydrated";

/** A whole number that a random choice begins with: what is not one changes nothing. */
export function SeedField({
  label = "Seed",
  value,
  max,
  describedBy,
  onChange,
}: {
  label?: string;
  value: number;
  /** The largest that is taken. */
  max: number;
  /** The id of what explains it. */
  describedBy?: string;
  onChange: (seed: number) => void;
}) {
  const hydrated = useHydrated();
  return (
    <label className="flex flex-1 items-baseline justify-between gap-4 text-sm">
      {label}
      <input
        type="number"
        inputMode="numeric"
        min={0}
        max={max}
        value={value}
        readOnly={!hydrated}
        aria-describedby={describedBy}
        onChange={({ target }) => {
          const seed = target.valueAsNumber;
          if (Number.isInteger(seed) && seed >= 0 && seed <= max) onChange(seed);
        }}
        className="numbers w-32 border-ink/40 border-b bg-transparent py-1 text-right"
      />
    </label>
  );
}
