"use client";

import { useState, useSyncExternalStore } from "react";
import type { WrittenCharacter } from "@/lib/handwriting/types";
import { Button } from "@/lib/ui/button";
import { Slider } from "@/lib/ui/slider";
import { characterAt } from "./character-at";
import type { Pen } from "./pen";

/** As many places as the pen's slider has. */
const PLACES = 400;

/** The pen's way: to stop it, to see it again, and to put it anywhere. */
export function PenControl({ pen, still }: { pen: Pen; still: boolean }) {
  const place = useSyncExternalStore(
    pen.subscribe,
    () => (pen.ink.duration === 0 ? 0 : Math.round((pen.elapsed / pen.ink.duration) * PLACES)),
    () => 0,
  );
  const state = useSyncExternalStore(
    pen.subscribe,
    () => (pen.done ? "done" : pen.paused ? "paused" : "writing"),
    () => "done" as const,
  );
  return (
    <div className="grid grid-cols-[5.5rem_1fr] items-end gap-x-5">
      {!still && (
        <Button aria-keyshortcuts="r" onClick={() => (state === "writing" ? pen.pause() : pen.play())}>
          {state === "done" ? "Replay" : state === "paused" ? "Go on" : "Pause"}
        </Button>
      )}
      <div className={still ? "col-span-2" : ""}>
        <Slider
          label="The pen’s way"
          value={place}
          min={0}
          max={PLACES}
          format={(value) => `${Math.round((value / PLACES) * 100)} %`}
          onChange={(value) => pen.seek((value / PLACES) * pen.ink.duration)}
        />
      </div>
    </div>
  );
}

/** Which character the model's window is on while the pen is where it is. */
export function CharacterView({ pen, characters }: { pen: Pen; characters: readonly WrittenCharacter[] }) {
  const [open, setOpen] = useState(true);
  return (
    <div>
      <label className="flex w-fit cursor-pointer items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={open}
          onChange={({ currentTarget }) => setOpen(currentTarget.checked)}
          className="size-3.5 accent-ink"
        />
        Show which character it is writing
      </label>
      {open && <Characters pen={pen} characters={characters} />}
    </div>
  );
}

function Characters({ pen, characters }: { pen: Pen; characters: readonly WrittenCharacter[] }) {
  const current = useSyncExternalStore(
    pen.subscribe,
    () => characterAt(characters, pen.position),
    () => -1,
  );
  return (
    // The text is in the field already, for those who listen.
    <p aria-hidden className="mt-2 whitespace-pre-wrap break-words font-serif text-lg leading-snug">
      {characters.map(({ text }, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a character is known by its place
          key={index}
          className={
            index === current ? "bg-seen text-paper" : index < current ? "text-ink" : "text-ink-soft opacity-60"
          }
        >
          {text}
        </span>
      ))}
    </p>
  );
}
