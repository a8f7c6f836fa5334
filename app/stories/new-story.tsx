"use client";

import { useState } from "react";
import type { GeneratedStory, StoryKind } from "@/lib/stories/generator";
import { Button } from "@/lib/ui/button";

const KINDS: readonly (readonly [kind: StoryKind, label: string])[] = [
  ["where", "Where is someone?"],
  ["object", "Where is something?"],
  ["before", "Where was it before?"],
  ["carrying", "What does someone carry?"],
  ["count", "How many things?"],
  ["inside", "Yes or no?"],
  ["maybe", "Yes, no or maybe?"],
  ["afraid", "Who is afraid of whom?"],
];

/** Tells a new story of a kind that the model was trained on. */
export function NewStory({ onTold }: { onTold: (told: GeneratedStory) => void }) {
  const [kind, setKind] = useState<StoryKind>("object");
  const tell = async () => {
    const { generateStory } = await import("@/lib/stories/generator");
    onTold(generateStory(kind, Math.random));
  };
  return (
    <section aria-labelledby="new-story">
      <h2 id="new-story" className="text-xl">
        A new story
      </h2>
      <p className="text-ink-soft text-note">
        Made by rules like those of{" "}
        <a href="https://arxiv.org/abs/1502.05698" className="underlined">
          bAbI’s tasks
        </a>
        , so that it is known what follows from it. Choose what it asks.{" "}
        {kind === "before" && "Of this kind the network gets about every second one wrong."}
      </p>
      <div className="mt-2 flex flex-wrap gap-3">
        <label className="min-w-0 flex-1">
          <span className="sr-only">What it asks</span>
          <select
            value={kind}
            onChange={({ target }) => setKind(target.value as StoryKind)}
            className="w-full min-w-52 rounded-[3px] border border-ink/35 bg-paper px-3 py-2 text-sm"
          >
            {KINDS.map(([each, label]) => (
              <option key={each} value={each}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Button look="main" aria-keyshortcuts="n" onClick={() => void tell()}>
          Tell a new story
        </Button>
      </div>
    </section>
  );
}
