"use client";

import { type KeyboardEvent, memo, type PointerEvent, useState } from "react";
import type { ReadCharacter } from "@/lib/language/pipeline";
import { backgroundOf, type Colouring, describe, legendOf } from "./colours";
import { UNITS } from "./units";

/** The text with a colour behind each character, to go along by pointer, touch and arrow keys. */
export function ReadText({
  characters,
  given,
  colouring,
  typing,
}: {
  characters: readonly ReadCharacter[];
  /** How many of them the visitor gave. */
  given: number;
  colouring: Colouring;
  /** Whether more is being typed. */
  typing: boolean;
}) {
  const [at, setAt] = useState<number>();
  const last = characters.length - 1;
  const active = at !== undefined && at <= last ? at : undefined;
  const looked = active === undefined ? undefined : characters[active];

  function onKeyDown(event: KeyboardEvent) {
    const from = active ?? -1;
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
  }

  /** A finger that slides keeps its events where it came down: the character under it is looked up. */
  function onPointerMove({ clientX, clientY, currentTarget }: PointerEvent) {
    const under = document.elementFromPoint(clientX, clientY)?.closest("[data-at]");
    if (under && currentTarget.contains(under)) setAt(Number(under.getAttribute("data-at")));
  }

  return (
    <div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go along the text
        tabIndex={0}
        aria-label="The text, character by character"
        aria-describedby="along"
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerMove}
        className="min-h-40 touch-pan-y break-words font-serif text-lg leading-relaxed sm:whitespace-pre-wrap"
      >
        <Characters characters={characters} given={given} colouring={colouring} active={active} />
        {typing && <span aria-hidden className="inline-block h-[1.1em] w-px translate-y-[0.2em] bg-ink" />}
      </section>
      <p className="mt-3 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-note">
        {legendOf(colouring).map(([background, label]) => (
          <span key={label} className="numbers px-2" style={{ background }}>
            {label}
          </span>
        ))}
      </p>
      <p id="along" className="mt-2 text-ink-soft text-note">
        Go along the text by pointer, finger or arrow keys: each character says how surprising it was
        {colouring !== "surprise" && `, and what unit ${UNITS[colouring]?.unit} and the others held after it`}. ↵ is a
        line break of the books.
      </p>
      <p aria-live="polite" className="numbers mt-1 min-h-10 text-note">
        {looked && active !== undefined && describe(looked, active < given)}
      </p>
    </div>
  );
}

/** Apart, so that going along an unchanged text paints two characters. */
const Characters = memo(function Characters({
  characters,
  given,
  colouring,
  active,
}: {
  characters: readonly ReadCharacter[];
  given: number;
  colouring: Colouring;
  active: number | undefined;
}) {
  return characters.map((character, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: characters never move
      key={index}
      data-at={index}
      style={{ background: backgroundOf(character, colouring) }}
      className={`${index < given ? "" : "italic"} ${index === active ? "outline-2 outline-ink" : ""}`}
    >
      {character.text === "\n" ? (
        <>
          <span aria-hidden className="text-ink-soft not-italic">
            ↵
          </span>
          <Break isParagraph={characters[index - 1]?.text === "\n"} />
        </>
      ) : (
        character.text
      )}
    </span>
  ));
});

/** A line's end is kept where there is room for such lines; a paragraph's everywhere. */
function Break({ isParagraph }: { isParagraph: boolean }) {
  if (isParagraph) return <br />;
  return (
    <>
      <br className="hidden sm:inline" />
      <span className="sm:hidden"> </span>
    </>
  );
}
