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
  // While the thumb is held, only the number moves.
  const [beamWidth, setBeamWidth] = useState(settings.beamWidth);
  const [count, setCount] = useState(settings.count);
  return (
    <fieldset>
      <legend className="font-serif text-xl">How it searches</legend>
      <div className="mt-3 grid gap-2">
        <Slider
          label="Beam width"
          value={beamWidth}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={setBeamWidth}
          onCommit={(value) => {
            const fitting =
              settings.count === defaultCount(settings.beamWidth) ? defaultCount(value) : Math.min(count, value);
            setCount(fitting);
            onChange({ beamWidth: value, count: fitting });
          }}
        />
        <Slider
          label="Captions shown"
          value={Math.min(count, beamWidth)}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={(value) => setCount(Math.min(value, beamWidth))}
          onCommit={(value) => onChange({ beamWidth: settings.beamWidth, count: Math.min(value, beamWidth) })}
        />
      </div>
      <p className="text-ink-soft text-note">
        Sentences kept alive while the next word is sought. Wider finds more probable ones, which are not always better.
      </p>
    </fieldset>
  );
}
