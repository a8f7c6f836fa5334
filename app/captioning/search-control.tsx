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
          onChange={(value) => setDraft({ ...settings, beamWidth: value, count, from: settings })}
          onCommit={(value) => {
            const followed = settings.count === defaultCount(settings.beamWidth);
            onChange({ ...settings, beamWidth: value, count: followed ? defaultCount(value) : Math.min(count, value) });
          }}
        />
        <Slider
          label="Captions shown"
          value={Math.min(count, beamWidth)}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={(value) => setDraft({ ...settings, beamWidth, count: Math.min(value, beamWidth), from: settings })}
          onCommit={(value) => onChange({ ...settings, count: Math.min(value, beamWidth) })}
        />
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={settings.rerank}
            onChange={({ target }) => onChange({ ...settings, rerank: target.checked })}
            className="accent-ink"
          />
          Choose what most guesses agree on
        </label>
      </div>
      <p className="mt-2 text-ink-soft text-note">
        The beam is the number of sentences kept alive while the next word is sought. Which of them comes first, eighty
        quick guesses decide by their likeness, half of them made of the photo in the mirror; without them, the
        probability.
      </p>
    </fieldset>
  );
}
