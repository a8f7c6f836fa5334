"use client";

import { type KeyboardEvent, useId } from "react";
import { findUnsupported } from "@/lib/handwriting/characters";
import { MAX_LINES, MAX_TEXT_LENGTH } from "@/lib/handwriting/options";
import { Button } from "@/lib/ui/button";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { cutText } from "./settings";

/** From this length on the field says how much room is left. */
const NEARLY_FULL = MAX_TEXT_LENGTH - 80;

/** The text, written while it is typed, and what of it cannot be written; or no text at all. */
export function TextField({
  text,
  dream,
  canUndo,
  onType,
  onDream,
  onFinish,
  onReplace,
  onUndo,
}: {
  text: string;
  /** Whether it writes without the text. */
  dream: boolean;
  canUndo: boolean;
  onType: (text: string) => void;
  /** Leaves the text, or comes back to it. */
  onDream: () => void;
  /** The visitor has left the field. */
  onFinish: () => void;
  /** Puts what can be written in place of all that cannot. */
  onReplace: () => void;
  onUndo: () => void;
}) {
  const hydrated = useHydrated();
  const hint = useId();
  const unsupported = dream ? [] : findUnsupported(text);
  const length = Array.from(text).length;
  const full = text.split("\n").length >= MAX_LINES;

  function onKeyDown({ key, nativeEvent }: KeyboardEvent<HTMLTextAreaElement>) {
    if (key === "Enter" && full && !nativeEvent.isComposing) nativeEvent.preventDefault();
  }

  return (
    <div>
      <label className="block">
        <span className="text-ink-soft text-sm">Text</span>
        <textarea
          // Browsers that know `field-sizing` fit it to the text.
          rows={2}
          value={text}
          readOnly={!hydrated}
          onChange={({ target }) => onType(cutText(target.value))}
          onBlur={onFinish}
          onKeyDown={onKeyDown}
          aria-describedby={hint}
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck
          lang="en"
          placeholder="Write something"
          className={`field-sizing-content mt-1 block w-full resize-none border-ink/40 border-b bg-transparent py-1.5 font-serif text-[clamp(1.25rem,1.1rem+0.8vw,1.625rem)] leading-snug outline-none placeholder:text-ink-soft/70 focus:border-ink ${dream ? "text-ink-soft" : ""}`}
        />
      </label>
      <div className="mt-1 flex flex-wrap items-baseline gap-x-5">
        <p id={hint} className="numbers mr-auto text-ink-soft text-note">
          {dream
            ? "Without a text it writes what looks like words and says nothing, until you type."
            : length >= NEARLY_FULL
              ? `${length} of ${MAX_TEXT_LENGTH} characters`
              : full
                ? `${MAX_LINES} lines, and there is no room for more.`
                : "It writes while you type, on as many lines as you like up to 20."}
        </p>
        <Button
          look="text"
          className="text-note aria-pressed:text-ink aria-pressed:decoration-2"
          aria-pressed={dream}
          aria-keyshortcuts="g"
          onClick={onDream}
        >
          Dream on
        </Button>
        {canUndo && (
          <Button look="text" className="text-note" aria-keyshortcuts="b" onClick={onUndo}>
            Undo
          </Button>
        )}
      </div>
      <div role="status">
        {unsupported.length > 0 && (
          <div className="mt-3 border-ink/40 border-l-2 pl-4 text-sm">
            <p>
              It never learned {unsupported.length === 1 ? "this character" : "these characters"}, and writes this
              instead:
            </p>
            <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
              {unsupported.map(({ character, shown, suggestion }) => (
                <li key={character}>
                  <span className="font-serif text-lg">{shown}</span>{" "}
                  <span className="text-ink-soft">{describeSuggestion(suggestion)}</span>
                </li>
              ))}
            </ul>
            <Button look="text" onClick={onReplace}>
              Replace all
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function describeSuggestion(suggestion: string | null): string {
  if (suggestion === null) return "is left out";
  return suggestion === " " ? "as a space" : `as ${suggestion}`;
}
