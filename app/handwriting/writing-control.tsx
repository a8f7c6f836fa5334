"use client";

import { useState } from "react";
import { MAX_BIAS, MAX_LINE_WIDTH, MAX_SEED, MIN_LINE_WIDTH } from "@/lib/handwriting/options";
import { SeedField } from "@/lib/ui/seed-field";
import { Slider } from "@/lib/ui/slider";
import type { WritingSettings } from "./settings";

type Asked = Pick<WritingSettings, "bias" | "lineWidth" | "seed">;

/** What the model is asked for beside the text and the hand. */
export function WritingControl({
  settings,
  onChange,
}: {
  settings: Asked;
  onChange: (changes: Partial<Asked>) => void;
}) {
  // While a thumb is held only its number moves; what it was moved from tells when other settings have come instead.
  const [draft, setDraft] = useState({ ...settings, from: settings });
  const { bias, lineWidth } =
    draft.from.bias === settings.bias && draft.from.lineWidth === settings.lineWidth ? draft : settings;
  return (
    <fieldset>
      <legend className="font-serif text-xl">How it writes</legend>
      <div className="mt-3 grid gap-2">
        <Slider
          label="Legibility"
          value={bias}
          min={0}
          max={MAX_BIAS}
          step={0.1}
          format={(value) => value.toFixed(1)}
          onChange={(value) => setDraft({ ...settings, lineWidth, bias: round(value), from: settings })}
          onCommit={(value) => onChange({ bias: round(value) })}
        />
        <Slider
          label="Characters a line"
          value={lineWidth}
          min={MIN_LINE_WIDTH}
          max={MAX_LINE_WIDTH}
          onChange={(value) => setDraft({ ...settings, bias, lineWidth: value, from: settings })}
          onCommit={(value) => onChange({ lineWidth: value })}
        />
        <SeedField value={settings.seed} max={MAX_SEED} onChange={(seed) => onChange({ seed })} />
      </div>
      <p className="mt-2 text-ink-soft text-note">
        Legibility makes it surer of each movement (the bias of Graves, 2013): 0 is as wild as the people it learned
        from. The same seed is the same writing.
      </p>
    </fieldset>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
