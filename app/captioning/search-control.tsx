"use client";

import { useState } from "react";
import { MAX_BEAM_WIDTH } from "@/lib/captioning/options";
import { Slider } from "@/lib/ui/slider";
import { type CaptionSettings, defaultCount } from "./settings";

/** How wide the search for a sentence is, and how many of what it finds are shown. */
export function SearchControl({
  settings,
  onChange,
}: {
  settings: CaptionSettings;
  onChange: (settings: CaptionSettings) => void;
}) {
  // While a thumb is held only its number moves; what it was moved from tells when other settings have come instead.
  const [draft, setDraft] = useState({ ...settings, from: settings });
  const { beamWidth, count } = draft.from === settings ? draft : settings;
  return (
    <fieldset>
      <legend className="font-serif text-xl">How it searches</legend>
      <div className="mt-3 grid gap-2">
        <Slider
          label="Beam width"
          value={beamWidth}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={(value) => setDraft({ beamWidth: value, count, from: settings })}
          onCommit={(value) => {
            const followed = settings.count === defaultCount(settings.beamWidth);
            onChange({ beamWidth: value, count: followed ? defaultCount(value) : Math.min(count, value) });
          }}
        />
        <Slider
          label="Captions shown"
          value={Math.min(count, beamWidth)}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={(value) => setDraft({ beamWidth, count: Math.min(value, beamWidth), from: settings })}
          onCommit={(value) => onChange({ beamWidth: settings.beamWidth, count: Math.min(value, beamWidth) })}
        />
      </div>
      <p className="text-ink-soft text-note">
        Sentences kept alive while the next word is sought. Wider finds more probable ones, which are not always better.
      </p>
    </fieldset>
  );
}
