import { MAX_SEED } from "./settings";

/** A whole number that chooses random numbers. */
export function SeedField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (seed: number) => void;
}) {
  return (
    <label className="flex items-baseline justify-between gap-4 text-sm">
      {label}
      <input
        type="number"
        inputMode="numeric"
        min={0}
        max={MAX_SEED}
        value={value}
        onChange={({ target }) => {
          const seed = target.valueAsNumber;
          if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) onChange(seed);
        }}
        className="numbers w-28 border-ink/40 border-b bg-transparent py-1 text-right"
      />
    </label>
  );
}
