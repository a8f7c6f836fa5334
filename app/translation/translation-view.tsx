"use client";

import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import type { TranslationResponse } from "@/app/api/translation/schema";
import { AnswerBars } from "@/lib/ui/answer-bars";
import { Button } from "@/lib/ui/button";
import { AttentionMatrix } from "./attention-matrix";
import { toSourceWords, toTargetWords } from "./words";

/** A translation whose words can be gone through: where each looked, and what else might have stood there. */
export function TranslationView({
  response,
  busy,
  beside,
  children,
}: {
  response: TranslationResponse;
  /** Whether another one is on its way. */
  busy: boolean;
  /** What is to be compared with it. */
  beside: ReactNode;
  children: ReactNode;
}) {
  // Another text begins at its own first word, with its best translation.
  const [{ of, chosen, active }, setView] = useState({ of: response, chosen: 0, active: 0 });
  const view = of === response ? { chosen, active } : { chosen: 0, active: 0 };
  const source = useMemo(() => toSourceWords(response.source), [response]);
  const translation = response.translations[view.chosen];
  const words = useMemo(() => (translation ? toTargetWords(translation, source) : []), [translation, source]);
  if (!translation) return null;
  const show = (index: number) => setView({ of: response, chosen: view.chosen, active: index });
  const word = words[view.active];
  // They are made for the best translation alone.
  const others = view.chosen === 0 ? response.words?.[view.active]?.alternatives : undefined;

  return (
    <section
      aria-label="The translation"
      aria-busy={busy}
      // What comes at once does not flicker.
      className={`duration-200 motion-safe:transition-opacity ${busy ? "opacity-45 delay-200" : ""}`}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-7 sm:grid-cols-2">
        <div>
          <h2 className="text-xl">With attention</h2>
          <Words words={words.map(({ text }) => text)} active={view.active} onActiveChange={show} />
        </div>
        {beside}
      </div>
      {children}
      <div className="mt-8 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 sm:grid-cols-2">
        <div>
          {word && others ? (
            others.length > 0 ? (
              <AnswerBars
                title={`What else might stand in the place of “${word.text}”, and how probable each is`}
                answers={others}
              />
            ) : (
              <p className="text-ink-soft text-note">Nothing else might stand in the place of “{word.text}”.</p>
            )
          ) : (
            <p className="text-ink-soft text-note">
              What else might stand in a word’s place is worked out for the best translation.
            </p>
          )}
        </div>
        {response.translations.length > 1 && (
          <div>
            <p className="pb-1.5 text-ink-soft text-note">
              Translations that the search found, and how much each agrees with all of them
            </p>
            <ol>
              {response.translations.map(({ text, agreement }, index) => (
                <li key={text} className="border-hairline border-t">
                  <Button
                    look="text"
                    aria-pressed={index === view.chosen}
                    className={`w-full justify-between! gap-x-4 text-left no-underline ${index === view.chosen ? "text-ink" : ""}`}
                    onClick={() => setView({ of: response, chosen: index, active: 0 })}
                  >
                    <span lang="ru" className="min-w-0 break-words font-serif text-base">
                      {text}
                    </span>
                    <span className="numbers text-note">
                      <span className="sr-only">agreement </span>
                      {agreement.toFixed(2)}
                    </span>
                  </Button>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
      <AttentionMatrix source={source.map(({ text }) => text)} target={words} active={view.active} />
    </section>
  );
}

/** Words to be gone through by pointer, touch and arrow keys. */
function Words({
  words,
  active,
  onActiveChange,
}: {
  words: readonly string[];
  active: number;
  onActiveChange: (index: number) => void;
}) {
  const line = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = words.length - 1;
    const to = {
      ArrowRight: active + 1,
      ArrowDown: active + 1,
      ArrowLeft: active - 1,
      ArrowUp: active - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    line.current?.querySelectorAll("button")[Math.min(last, Math.max(0, to))]?.focus();
  };
  return (
    <>
      <p className="text-ink-soft text-note">
        Point at a word, tap it, or go there with the arrow keys: below is what else might have stood there, and where
        the network looked.
      </p>
      <div
        ref={line}
        role="toolbar"
        lang="ru"
        aria-label="Words of the translation"
        onKeyDown={onKeyDown}
        className="mt-3 break-words font-serif text-2xl"
      >
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice, and words never move
          <span key={index}>
            {index > 0 && " "}
            <button
              type="button"
              tabIndex={index === active ? 0 : -1}
              aria-pressed={index === active}
              onFocus={() => onActiveChange(index)}
              onPointerEnter={(event) => event.pointerType === "mouse" && onActiveChange(index)}
              onClick={() => onActiveChange(index)}
              className={`max-w-full break-words border-b-2 text-left duration-150 motion-safe:transition-colors ${
                index === active ? "border-seen text-seen" : "border-transparent"
              }`}
            >
              {word}
            </button>
          </span>
        ))}
      </div>
    </>
  );
}
