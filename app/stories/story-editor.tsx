"use client";

import { useEffect, useRef } from "react";
import { MAX_SENTENCE_LENGTH, MAX_SENTENCES } from "@/lib/stories/options";
import { Button } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { hasWord, splitSentences } from "./story";

/** A story to edit sentence by sentence; beside each sentence, how much each look saw of it. */
export function StoryEditor({
  sentences,
  hops,
  canUndo,
  onChange,
  onUndo,
}: {
  sentences: readonly string[];
  /** For each look one weight for each sentence with a word; undefined while they belong to another story. */
  hops: readonly (readonly number[])[] | undefined;
  canUndo: boolean;
  /** `kind` is the same for letters that are typed one after the other. */
  onChange: (sentences: readonly string[], kind?: string) => void;
  onUndo: () => void;
}) {
  const hydrated = useHydrated();
  const list = useRef<HTMLOListElement>(null);
  /** The sentence to go to once it is there. */
  const next = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the list
  useEffect(() => {
    if (next.current === undefined) return;
    fieldAt(next.current)?.focus();
    next.current = undefined;
  }, [sentences]);

  const fieldAt = (index: number) => list.current?.querySelectorAll("input")[index];
  const replace = (index: number, removed: number, inserted: readonly string[], focus?: number) => {
    next.current = focus;
    onChange(sentences.toSpliced(index, removed, ...inserted).slice(0, MAX_SENTENCES));
  };
  const remove = (index: number) => replace(index, 1, sentences.length === 1 ? [""] : [], Math.max(0, index - 1));

  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>, index: number) => {
    if (event.nativeEvent.isComposing) return;
    const { key, currentTarget } = event;
    if (key === "Enter") {
      event.preventDefault();
      if (sentences.length < MAX_SENTENCES) replace(index + 1, 0, [""], index + 1);
    } else if (key === "Backspace" && currentTarget.value === "" && sentences.length > 1) {
      event.preventDefault();
      remove(index);
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      fieldAt(index + (key === "ArrowUp" ? -1 : 1))?.focus();
    }
  };
  const onPaste = (event: React.ClipboardEvent<HTMLInputElement>, index: number) => {
    const pasted = splitSentences(event.clipboardData.getData("text"));
    if (pasted.length < 2) return;
    event.preventDefault();
    const isEmpty = sentences[index] === "";
    replace(isEmpty ? index : index + 1, isEmpty ? 1 : 0, pasted, index + pasted.length - (isEmpty ? 1 : 0));
  };

  const places = sentences.map((_, index) => sentences.slice(0, index).filter(hasWord).length);
  const weightsOf = (index: number) =>
    hops && hasWord(sentences[index] as string) ? hops.map((hop) => hop[places[index] as number] ?? 0) : undefined;

  return (
    <section aria-labelledby="story">
      <div className="flex flex-wrap items-baseline gap-x-6">
        <h2 id="story" className="mr-auto text-xl">
          The story
        </h2>
        {hops && (
          <p aria-hidden className="flex gap-2 text-ink-soft text-note max-sm:order-last max-sm:w-full max-sm:pl-8">
            {hops.map((_, hop) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: looks never move
              <span key={hop} className="w-14 text-right">
                look {hop + 1}
              </span>
            ))}
            <span className="w-6 max-sm:hidden" />
          </p>
        )}
      </div>
      <p className="text-ink-soft text-note">
        One sentence a line, in the order in which things happen: Enter begins another, × removes one. The bars say how
        much each look saw of a sentence.
      </p>
      <ol ref={list} className="mt-3">
        {sentences.map((sentence, index) => {
          const weights = weightsOf(index);
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is what stands at its place
              key={index}
              className="grid grid-cols-[1.5rem_minmax(0,1fr)_1.5rem] items-center gap-x-2 border-hairline border-t py-1 sm:grid-cols-[1.5rem_minmax(0,1fr)_auto_1.5rem]"
            >
              <span aria-hidden className="numbers text-ink-soft text-note">
                {index + 1}
              </span>
              <input
                value={sentence}
                maxLength={MAX_SENTENCE_LENGTH}
                readOnly={!hydrated}
                aria-label={`Sentence ${index + 1}`}
                aria-describedby={weights ? `looks-${index}` : undefined}
                autoComplete="off"
                spellCheck={false}
                className="min-w-0 bg-transparent py-1 font-serif text-lg"
                onChange={({ target }) => onChange(sentences.with(index, target.value), `sentence ${index}`)}
                onKeyDown={(event) => onKeyDown(event, index)}
                onPaste={(event) => onPaste(event, index)}
              />
              <Looks id={`looks-${index}`} weights={weights} />
              <Button
                look="text"
                aria-label={`Remove sentence ${index + 1}`}
                className="col-start-3 row-start-1 size-6 no-underline sm:col-start-4"
                onClick={() => remove(index)}
              >
                ×
              </Button>
            </li>
          );
        })}
      </ol>
      <div className="flex flex-wrap items-baseline gap-x-6 border-hairline border-t pt-2">
        <Button
          look="text"
          disabled={sentences.length >= MAX_SENTENCES}
          onClick={() => replace(sentences.length, 0, [""], sentences.length)}
        >
          Add a sentence
        </Button>
        {canUndo && (
          <Button look="text" aria-keyshortcuts="b" onClick={onUndo}>
            Undo
          </Button>
        )}
        {sentences.length >= MAX_SENTENCES && (
          <p className="text-ink-soft text-note">It reads {MAX_SENTENCES} sentences at most.</p>
        )}
      </div>
      {hops && <p className="mt-3 text-note">{describeLooks(hops, sentences.filter(hasWord))}</p>}
    </section>
  );
}

/** One sentence's share of each look, as bars and as numbers. */
function Looks({ id, weights }: { id: string; weights: readonly number[] | undefined }) {
  if (!weights) return <span className="hidden sm:block" />;
  return (
    <span className="col-span-3 flex gap-2 pl-8 sm:col-span-1 sm:pl-0">
      <span id={id} className="sr-only">
        {weights.map((weight, hop) => `Look ${hop + 1}: ${formatProbability(weight)}`).join(", ")}
      </span>
      {weights.map((weight, hop) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: looks never move
        <span key={hop} aria-hidden className="w-14">
          <span className={`numbers block text-right text-note ${weight < 0.1 ? "text-ink-soft" : ""}`}>
            {formatProbability(weight)}
          </span>
          <span className="block h-[3px] bg-ink/10">
            <span className="block h-full bg-seen" style={{ width: `${weight * 100}%` }} />
          </span>
        </span>
      ))}
    </span>
  );
}

/** In words: at which sentence each look saw most. */
function describeLooks(hops: readonly (readonly number[])[], sentences: readonly string[]): string {
  const seen = hops.map((hop) => {
    const most = Math.max(...hop);
    return `“${sentences[hop.indexOf(most)]}” (${formatProbability(most)})`;
  });
  return `It looked most at ${seen.join(", then at ")}.`;
}
