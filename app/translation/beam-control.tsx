"use client";

import { useState } from "react";
import { MAX_BEAM_WIDTH } from "@/lib/translation/options";
import { Slider } from "@/lib/ui/slider";

/** How wide the search for a translation is. */
export function BeamControl({ beamWidth, onChange }: { beamWidth: number; onChange: (beamWidth: number) => void }) {
  // While a thumb is held only its number moves; what it was moved from tells when another width has come instead.
  const [draft, setDraft] = useState({ value: beamWidth, from: beamWidth });
  return (
    <fieldset>
      <legend className="font-serif text-xl">How it searches</legend>
      <div className="mt-3">
        <Slider
          label="Beam width"
          value={draft.from === beamWidth ? draft.value : beamWidth}
          min={1}
          max={MAX_BEAM_WIDTH}
          onChange={(value) => setDraft({ value, from: beamWidth })}
          onCommit={onChange}
        />
      </div>
      <p className="text-ink-soft text-note">
        The beam is the number of translations that are kept alive while the next piece of a word is sought; with 1 it
        takes the likeliest piece each time.
      </p>
    </fieldset>
  );
}
