"use client";

import type { LiveSettings } from "./settings";

const OPTIONS: readonly (readonly [name: keyof LiveSettings, label: string, what: string])[] = [
  ["quick", "Quick look", "A smaller network sees: faster, a smaller download, and wrong more often."],
  ["steady", "Steady captions", "Each stays until it can be read, and until another is surely better."],
  ["shimmer", "Where it looks", "The picture stays bright where the model looked, word after word."],
  ["largeType", "Large type", "To read from afar, or with little sight."],
  ["spoken", "Spoken captions", "Said aloud by this device’s own voice, now and then."],
];

export function OptionsControl({
  settings,
  canSpeak,
  canBeQuick,
  onChange,
}: {
  settings: LiveSettings;
  canSpeak: boolean;
  canBeQuick: boolean;
  onChange: (change: Partial<LiveSettings>) => void;
}) {
  return (
    <fieldset>
      <legend className="font-serif text-xl">Captions</legend>
      <div className="mt-2 grid gap-2">
        {OPTIONS.filter(([name]) => name !== "quick" || canBeQuick).map(([name, label, what]) => (
          <label key={name} className="grid cursor-pointer grid-cols-[auto_1fr] gap-x-2.5 text-sm">
            <input
              type="checkbox"
              checked={settings[name]}
              disabled={name === "spoken" && !canSpeak}
              onChange={({ currentTarget }) => onChange({ [name]: currentTarget.checked })}
              className="size-4 translate-y-0.5 accent-ink"
            />
            <span>
              {label}
              <span className="block text-ink-soft text-note">
                {name === "spoken" && !canSpeak ? "This browser has no voice." : what}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
