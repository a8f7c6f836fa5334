"use client";

import dynamic from "next/dynamic";
import { useState, useSyncExternalStore } from "react";
import { BEFORE_INK } from "@/lib/handwriting/rhythm";
import type { Writing } from "@/lib/handwriting/types";
import { Button } from "@/lib/ui/button";
import { Slider } from "@/lib/ui/slider";
import { characterAt } from "./character-at";
import type { Pen } from "./pen";
import type { InkTrace } from "./trace";
import { traceOf } from "./trace-store";

// Loaded when it is opened.
const DensityView = dynamic(() => import("./density-view").then((module) => module.DensityView), { ssr: false });

type View = "characters" | "density";

/** As many places as the pen's slider has. */
const PLACES = 400;
/** By how many of them it moves while the pen goes: not at every frame, which would cost more than the ink. */
const STRIDE = 4;

/** The pen's way: to stop it, to see it again, and to put it anywhere. */
export function PenControl({ pen, still }: { pen: Pen; still: boolean }) {
  const place = useSyncExternalStore(
    pen.subscribe,
    () => {
      if (pen.ink.duration === 0) return 0;
      const stride = pen.done || pen.paused ? 1 : STRIDE;
      return Math.round(((pen.elapsed / pen.ink.duration) * PLACES) / stride) * stride;
    },
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

/** What goes on inside, in step with the pen: each view can be switched on and off. */
export function PenViews({ pen, writing }: { pen: Pen; writing: Writing }) {
  const [shown, setShown] = useState<readonly View[]>(["characters"]);
  const trace = traceOf(writing);
  // A dream has none.
  const hasCharacters = writing.characters.length > 0;
  const isShown = (view: View) => shown.includes(view);
  const toggle = (view: View) => setShown(isShown(view) ? shown.filter((each) => each !== view) : [...shown, view]);
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">What goes on inside</legend>
      <div className="flex flex-wrap gap-x-7 gap-y-1">
        {hasCharacters && (
          <Switch checked={isShown("characters")} onChange={() => toggle("characters")}>
            Which character it is writing
          </Switch>
        )}
        {trace && (
          <Switch checked={isShown("density")} onChange={() => toggle("density")}>
            Where the pen may go next
          </Switch>
        )}
      </div>
      {hasCharacters && isShown("characters") && <Characters pen={pen} writing={writing} trace={trace} />}
      {isShown("density") && trace && (
        <div className="mt-4">
          <DensityView pen={pen} writing={writing} trace={trace} />
        </div>
      )}
      {!trace && (
        <p className="mt-1.5 text-ink-soft text-note">
          Run on this device, it also shows how its attention is spread, and the density of the next point.
        </p>
      )}
    </fieldset>
  );
}

function Switch({ checked, onChange, children }: { checked: boolean; onChange: () => void; children: string }) {
  return (
    <label className="flex cursor-pointer items-center gap-2.5 text-sm">
      <input type="checkbox" checked={checked} onChange={onChange} className="size-3.5 accent-ink" />
      {children}
    </label>
  );
}

/** The text, and the model's window on it: as it lies on each character where that is known, else the one it is on. */
function Characters({ pen, writing, trace }: { pen: Pen; writing: Writing; trace: InkTrace | undefined }) {
  const { characters } = writing;
  const current = useSyncExternalStore(
    pen.subscribe,
    () => characterAt(characters, pen.position),
    () => characterAt(characters, BEFORE_INK),
  );
  // Without a trace nothing changes between two characters.
  const position = useSyncExternalStore(
    pen.subscribe,
    () => (trace ? pen.position : BEFORE_INK),
    () => BEFORE_INK,
  );
  const sight = trace?.at(writing, position);
  const weight = (index: number) => (sight ? (sight.phi[index - sight.from] ?? 0) : index === current ? 1 : 0);
  return (
    // The text is in the field already, for those who listen.
    <p aria-hidden className="mt-2 whitespace-pre-wrap break-words font-serif text-lg leading-snug">
      {characters.map(({ text }, index) => {
        const share = Math.min(weight(index), 1);
        const color = share > 0.5 ? "text-paper" : index <= current ? "text-ink" : "text-ink-soft";
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a character is known by its place
            key={index}
            className={color}
            style={{
              backgroundColor:
                share > 0.01 ? `color-mix(in oklab, var(--seen) ${Math.round(share * 100)}%, transparent)` : undefined,
            }}
          >
            {text}
          </span>
        );
      })}
    </p>
  );
}
