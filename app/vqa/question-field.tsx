"use client";

import { type KeyboardEvent, useId } from "react";
import { Button } from "@/lib/ui/button";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { MAX_QUESTION_LENGTH } from "@/lib/vqa/options";
import { cutQuestion } from "./settings";

/** From this length on the field says how much room is left. */
const NEARLY_FULL = MAX_QUESTION_LENGTH - 40;

/** The question, answered while it is typed, and questions to begin with. */
export function QuestionField({
  question,
  suggestions,
  canUndo,
  onType,
  onFinish,
  onSuggestion,
  onUndo,
  onVocabulary,
}: {
  question: string;
  suggestions: readonly string[];
  canUndo: boolean;
  /** Each change of the text. */
  onType: (question: string) => void;
  /** Enter: the question is finished. */
  onFinish: () => void;
  onSuggestion: (question: string) => void;
  onUndo: () => void;
  onVocabulary: () => void;
}) {
  const hydrated = useHydrated();
  const hint = useId();
  const length = Array.from(question).length;

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onFinish();
  }

  return (
    <div>
      <label className="block">
        <span className="text-ink-soft text-sm">Ask about the photo</span>
        <textarea
          // Browsers that know `field-sizing` fit it to the question.
          rows={2}
          value={question}
          readOnly={!hydrated}
          onChange={({ target }) => onType(cutQuestion(target.value))}
          onKeyDown={onKeyDown}
          aria-describedby={hint}
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck
          lang="en"
          enterKeyHint="go"
          placeholder="What is …? How many …? Is there …?"
          className="field-sizing-content mt-1 block w-full resize-none border-ink/40 border-b bg-transparent py-1.5 font-serif text-[clamp(1.5rem,1.2rem+1.1vw,2rem)] leading-tight outline-none placeholder:text-ink-soft/70 focus:border-ink"
        />
      </label>
      <div className="mt-1 flex flex-wrap items-baseline gap-x-5">
        <p id={hint} className="numbers mr-auto text-ink-soft text-note">
          {length >= NEARLY_FULL
            ? `${length} of ${MAX_QUESTION_LENGTH} characters`
            : "In English. It answers while you type."}
        </p>
        <Button look="text" className="text-note" onClick={onVocabulary}>
          What it can answer
        </Button>
        {canUndo && (
          <Button look="text" className="text-note" aria-keyshortcuts="b" onClick={onUndo}>
            Undo
          </Button>
        )}
      </div>
      <ul
        aria-label="Suggested questions"
        className="-mx-gutter mt-3 flex gap-2 overflow-x-auto px-gutter py-1 sm:mx-0 sm:flex-wrap sm:px-0"
      >
        {suggestions.map((suggestion) => (
          <li key={suggestion}>
            <button
              type="button"
              aria-pressed={suggestion === question}
              onClick={() => onSuggestion(suggestion)}
              className="whitespace-nowrap rounded-full border border-hairline px-3.5 py-1.5 text-sm hover:border-ink aria-pressed:border-ink"
            >
              {suggestion}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
