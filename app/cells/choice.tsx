import type { ReactNode } from "react";

/** One of a few, with a sentence that says what the choice means. */
export function Choice<Value extends string>({
  legend,
  name,
  options,
  value,
  note,
  onChange,
}: {
  legend: string;
  /** Of the radio buttons' group, unique on the page. */
  name: string;
  options: readonly (readonly [value: Value, label: string])[];
  value: Value;
  note: ReactNode;
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset>
      <legend className="text-sm">{legend}</legend>
      <div className="mt-1 flex flex-wrap gap-x-5">
        {options.map(([option, label]) => (
          <label key={option} className="flex cursor-pointer items-baseline gap-2 py-1 text-sm">
            <input
              type="radio"
              name={name}
              checked={option === value}
              onChange={() => onChange(option)}
              className="size-3.5 translate-y-px accent-ink"
            />
            {label}
          </label>
        ))}
      </div>
      <p className="text-ink-soft text-note">{note}</p>
    </fieldset>
  );
}
