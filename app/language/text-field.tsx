"use client";

import { useId } from "react";
import { findUnknown, spell } from "@/lib/language/characters";
import { MAX_TEXT_LENGTH } from "@/lib/language/options";
import { Button } from "@/lib/ui/button";
import { useHydrated } from "@/lib/ui/use-hydrated";
import stored from "@/models/language/characters.json";

const ids = new Map(Array.from(stored.characters, (character, id) => [character, id]));
const idOf = (character: string) => ids.get(character);

/** The characters of a text that the model has never read, as they are shown to people. */
function unknownIn(text: string): string[] {
  return findUnknown(spell(text), idOf);
}

/** How many characters the model would read of a text. */
function lengthOf(text: string): number {
  return Array.from(spell(text)).length;
}

/** Whether the model can be asked to go on from a text. */
export function isReadable(text: string): boolean {
  return lengthOf(text) <= MAX_TEXT_LENGTH && unknownIn(text).length === 0;
}

/** What the model would read of a text, no more than its end where it is too long. */
export function endOf(text: string): string {
  return Array.from(spell(text)).slice(-MAX_TEXT_LENGTH).join("");
}

/** From this length on the field says how much room is left. */
const NEARLY_FULL = MAX_TEXT_LENGTH - 200;

/** The text to go on from, and what of it the model has never read. */
export function TextField({
  text,
  canUndo,
  onType,
  onReplace,
  onWrite,
  onUndo,
}: {
  text: string;
  canUndo: boolean;
  onType: (text: string) => void;
  /** Puts a text that can be read in place of one that cannot. */
  onReplace: (text: string) => void;
  /** The visitor wants it written on. */
  onWrite: () => void;
  onUndo: () => void;
}) {
  const hydrated = useHydrated();
  const hint = useId();
  const unknown = unknownIn(text);
  const length = lengthOf(text);
  const isTooLong = length > MAX_TEXT_LENGTH;
  return (
    <div>
      <label className="block">
        <span className="font-serif text-xl">Your text</span>
        <textarea
          rows={3}
          value={text}
          readOnly={!hydrated}
          aria-describedby={hint}
          aria-invalid={isTooLong || unknown.length > 0}
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          lang="en"
          placeholder="Nothing: it begins by itself"
          className="field-sizing-content mt-1 block max-h-80 w-full resize-none border-ink/40 border-b bg-transparent py-1.5 font-serif text-2xl leading-snug placeholder:text-ink-soft"
          onChange={({ target }) => onType(target.value)}
          onKeyDown={({ key, ctrlKey, metaKey, nativeEvent }) => {
            if (key === "Enter" && (ctrlKey || metaKey) && !nativeEvent.isComposing) onWrite();
          }}
        />
      </label>
      <div className="mt-1 flex items-baseline gap-x-5">
        <p id={hint} className="numbers mr-auto text-ink-soft text-note">
          {length >= NEARLY_FULL
            ? `${length.toLocaleString("en")} of ${MAX_TEXT_LENGTH.toLocaleString("en")} characters`
            : "It goes on from where you end, in the middle of a word if you like. An opening quotation mark makes somebody speak."}
        </p>
        {canUndo && (
          <Button look="text" className="text-note" aria-keyshortcuts="b" onClick={onUndo}>
            Undo
          </Button>
        )}
      </div>
      <div role="status">
        {isTooLong && (
          <div className="mt-3 border-ink/40 border-l-2 pl-4 text-sm">
            <p>
              That is more than it reads: at most {MAX_TEXT_LENGTH.toLocaleString("en")} characters, of which the last
              tell most.
            </p>
            <Button look="text" onClick={() => onReplace(endOf(text))}>
              Keep the end
            </Button>
          </div>
        )}
        {unknown.length > 0 && (
          <div className="mt-3 border-ink/40 border-l-2 pl-4 text-sm">
            <p>
              {unknown.length === 1
                ? "The novels do not have this character"
                : "The novels have none of these characters"}
              : <span className="font-serif text-lg">{unknown.slice(0, 20).join(" ")}</span>
            </p>
            <Button look="text" onClick={() => onReplace(withoutUnknown(text))}>
              Leave {unknown.length === 1 ? "it" : "them"} out
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function withoutUnknown(text: string): string {
  return Array.from(spell(text))
    .filter((character) => idOf(character) !== undefined)
    .join("");
}
