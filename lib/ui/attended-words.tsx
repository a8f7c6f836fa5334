"use client";

import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { describeAttention } from "./attention-map";

export interface AttendedWord {
  readonly text: string;
  /** [49], row by row. */
  readonly attention?: readonly number[];
}

/** PTB splits clitics off ("dog 's"); they are shown joined to their word. */
const CLITIC = /^('[a-z]+|n't)$/;

/**
 * A sentence whose words can be gone through by pointer, touch (tap or slide) and arrow keys, one of them being looked at.
 *
 * @param active - index of the word that is looked at, or null
 * @param onActiveChange - called with null when the pointer or the focus leaves the sentence
 */
export function AttendedWords({
  words,
  active,
  onActiveChange,
  label,
}: {
  words: readonly AttendedWord[];
  active: number | null;
  onActiveChange: (index: number | null) => void;
  label: string;
}) {
  const sentence = useRef<HTMLDivElement>(null);
  const last = words.length - 1;

  function onKeyDown(event: KeyboardEvent) {
    const from = active ?? 0;
    const to = {
      ArrowRight: from + 1,
      ArrowDown: from + 1,
      ArrowLeft: from - 1,
      ArrowUp: from - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, to));
    sentence.current?.querySelectorAll("button")[index]?.focus();
  }

  /** A finger that slides keeps its events at the word where it came down: the one under it is looked up. */
  function onPointerMove(event: PointerEvent) {
    const word = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-word]");
    if (word && sentence.current?.contains(word)) onActiveChange(Number(word.getAttribute("data-word")));
  }

  return (
    <div
      ref={sentence}
      role="toolbar"
      aria-label={label}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerLeave={(event) => event.pointerType === "mouse" && onActiveChange(null)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onActiveChange(null)}
      className="touch-pan-y"
    >
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice, and words never move
        <span key={index}>
          {index > 0 && !CLITIC.test(word.text) && " "}
          <button
            type="button"
            data-word={index}
            tabIndex={index === (active ?? 0) ? 0 : -1}
            aria-label={word.attention ? `${word.text}: looking at ${describeAttention(word.attention)}` : word.text}
            onFocus={() => onActiveChange(index)}
            onClick={() => onActiveChange(index)}
            className={`rounded-none border-b-2 outline-none motion-safe:transition-colors duration-150 ${
              index === active ? "border-seen text-seen" : "border-transparent"
            }`}
          >
            {word.text}
          </button>
        </span>
      ))}
    </div>
  );
}
