"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/lib/ui/button";
import type { OwnHand } from "./own-hand";

/** What a sample of the visitor's hand says: as it was read, to be corrected. */
export function SampleText({
  hand,
  read,
  onText,
}: {
  hand: OwnHand;
  read: string | undefined;
  onText: (text: string) => void;
}) {
  const known = hand.text ?? read ?? "";
  // What is typed counts until the sample or its reading changes.
  const [draft, setDraft] = useState({ text: known, known });
  const text = draft.known === known ? draft.text : known;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== "") onText(text.trim());
  }

  return (
    <form onSubmit={submit} className="mt-3">
      <label className="block text-sm">
        {hand.text === undefined ? "It reads your sample as" : "Your sample says"}
        <span className="mt-0.5 flex gap-2">
          <input
            value={text}
            maxLength={200}
            onChange={({ target }) => setDraft({ text: target.value, known })}
            autoComplete="off"
            spellCheck={false}
            className="min-w-0 flex-1 border-ink/40 border-b bg-transparent py-1 font-serif text-lg"
          />
          {text !== known && <Button type="submit">Correct it</Button>}
        </span>
      </label>
    </form>
  );
}
