"use client";

import { useState } from "react";
import { Button } from "@/lib/ui/button";
import { Modal } from "@/lib/ui/modal";
import { uniqueId } from "@/lib/ui/unique-id";
import { FEWEST_POINTS, type OwnHand, type PadStroke } from "./own-hand";
import { Pad } from "./pad";

/** Where one writes a sample of one's own hand. */
export function PadDialog({ onClose, onHand }: { onClose: () => void; onHand: (hand: OwnHand) => void }) {
  const [strokes, setStrokes] = useState<readonly PadStroke[]>([]);
  const [text, setText] = useState("");
  const points = strokes.reduce((sum, { length }) => sum + length, 0);

  return (
    <Modal title="Your own hand" onClose={onClose}>
      <p className="mb-4 text-ink-soft text-sm">
        Write a few words on one line, as you always do, by mouse, pen or finger: for example{" "}
        <span className="text-ink">the quick brown fox</span>. It reads them, and goes on in your hand.
      </p>
      <Pad strokes={strokes} onStroke={(stroke) => setStrokes((before) => [...before, stroke])} />
      <div className="mt-2 flex flex-wrap items-baseline gap-x-6">
        <p role="status" className="mr-auto text-ink-soft text-note">
          {strokes.length === 0
            ? "Nothing is sent until you say so."
            : points < FEWEST_POINTS
              ? "A little more, so that your hand can be told."
              : `${strokes.length} ${strokes.length === 1 ? "stroke" : "strokes"}`}
        </p>
        <Button look="text" disabled={strokes.length === 0} onClick={() => setStrokes(strokes.slice(0, -1))}>
          Undo a stroke
        </Button>
        <Button look="text" disabled={strokes.length === 0} onClick={() => setStrokes([])}>
          Clear
        </Button>
      </div>
      <label className="mt-4 block text-sm">
        What it says, if you like; else it is read
        <input
          value={text}
          maxLength={200}
          onChange={({ target }) => setText(target.value)}
          autoComplete="off"
          spellCheck={false}
          className="mt-1 block w-full border-ink/40 border-b bg-transparent py-1.5 font-serif text-lg"
        />
      </label>
      <Button
        look="main"
        className="mt-5"
        disabled={points < FEWEST_POINTS}
        onClick={() => onHand({ id: uniqueId(), strokes, text: text.trim() || undefined })}
      >
        Write in this hand
      </Button>
    </Modal>
  );
}
