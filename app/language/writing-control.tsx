"use client";

import { useId } from "react";
import { MAX_LENGTH, MAX_SEED, MAX_TEMPERATURE } from "@/lib/language/options";
import { Button } from "@/lib/ui/button";
import { SeedField } from "@/lib/ui/seed-field";
import { Slider } from "@/lib/ui/slider";
import type { WritingSettings } from "./settings";

/** Length, temperature and seed, each with a sentence that says what it does. */
export function WritingControl({
  settings: { length, temperature, seed },
  onChange,
}: {
  settings: WritingSettings;
  onChange: (change: Partial<WritingSettings>) => void;
}) {
  const seedNote = useId();
  return (
    <section aria-label="How it writes" className="grid gap-4">
      <div>
        <Slider
          label="Length"
          value={length}
          min={0}
          max={MAX_LENGTH}
          step={20}
          format={(value) => `${value} characters`}
          onChange={(value) => onChange({ length: value })}
        />
        <p className="text-ink-soft text-note">How much it writes; with 0 it reads your text alone.</p>
      </div>
      <div>
        <Slider
          label="Temperature"
          value={temperature}
          min={0}
          max={MAX_TEMPERATURE}
          step={0.1}
          format={(value) => value.toFixed(1)}
          onChange={(value) => onChange({ temperature: value })}
        />
        <p className="text-ink-soft text-note">{describeTemperature(temperature)}</p>
      </div>
      <div>
        <div className="flex items-baseline justify-between gap-4">
          <SeedField
            value={seed}
            max={MAX_SEED}
            describedBy={seedNote}
            onChange={(value) => onChange({ seed: value })}
          />
          <Button look="text" onClick={() => onChange({ seed: Math.floor(Math.random() * (MAX_SEED + 1)) })}>
            Another seed
          </Button>
        </div>
        <p id={seedNote} className="text-ink-soft text-note">
          Chooses the random numbers: the same seed writes the same text again.
        </p>
      </div>
    </section>
  );
}

function describeTemperature(temperature: number): string {
  if (temperature === 0) return "Always the likeliest character: it soon repeats itself.";
  if (temperature < 1) return "Likely characters are preferred: safer words, less of its own.";
  if (temperature === 1) return "Each character as often as the model expects it.";
  return "Unlikely characters come more often than the model expects them: invented words.";
}
