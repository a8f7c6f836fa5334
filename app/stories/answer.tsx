"use client";

import { splitWords } from "@/lib/stories/words";
import { AnswerBars } from "@/lib/ui/answer-bars";
import { CopyButton } from "@/lib/ui/copy-button";
import { formatProbability } from "@/lib/ui/format";
import { RunReport } from "@/lib/ui/run/run-report";
import type { StoryText } from "./story";
import type { StoryRun } from "./use-answer";

/** What passes between asking and answering, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["answer", "reading"],
] as const;

/** Below this the answer is more often wrong than right: the probabilities are calibrated. */
const UNSURE_BELOW = 0.5;

/** The answer, how sure it is, and which words it did not know. */
export function Answer({
  run,
  asked,
  expected,
  busy,
  shareUrl,
}: {
  run: StoryRun;
  asked: StoryText;
  /** What follows from a story that was made here. */
  expected: string | undefined;
  /** Whether another answer is on its way. */
  busy: boolean;
  /** Undefined where the story is too long for a link. */
  shareUrl: (() => string) | undefined;
}) {
  const { answers, unknownWords } = run.response;
  const [best] = answers;
  if (!best) return null;
  const isUnsure = best.probability < UNSURE_BELOW;
  const isGuess = splitWords(asked.question).every((word) => unknownWords.includes(word));
  return (
    <section
      aria-label="The answer"
      aria-busy={busy}
      // What comes at once does not flicker.
      className={`duration-200 motion-safe:transition-opacity ${busy ? "opacity-45 delay-200" : ""}`}
    >
      <p className="flex flex-wrap items-baseline gap-x-4">
        <strong
          className={`break-words font-normal font-serif text-title lining-nums ${isUnsure ? "text-ink-soft" : ""}`}
        >
          {spellAnswer(best.text)}
        </strong>
        <span className="numbers text-ink-soft">{formatProbability(best.probability)}</span>
      </p>
      {isUnsure && (
        <p className="mt-1 font-serif text-xl leading-snug">I am not sure: it is more likely to be something else.</p>
      )}
      {expected !== undefined && (
        <p className="mt-1 text-sm">
          {expected === best.text
            ? "That follows from the story."
            : `It is wrong: “${spellAnswer(expected)}” follows from the story.`}
        </p>
      )}
      <div className="mt-6">
        <AnswerBars
          title="How probable each answer is"
          answers={answers.map((answer) => ({ ...answer, text: spellAnswer(answer.text) }))}
        />
      </div>
      {unknownWords.length > 0 && (
        <p className="mt-4 text-note">
          It has not learned {unknownWords.length === 1 ? "the word" : "the words"}{" "}
          {unknownWords.map((word, index) => (
            <span key={word}>
              {index > 0 && ", "}
              <span className="break-words underline decoration-wavy decoration-1 underline-offset-4">{word}</span>
            </span>
          ))}
          , and reads {unknownWords.length === 1 ? "it" : "each of them"} as the one word that stands for all such.
          {isGuess && " As it knows no word of the question, the answer is a guess."}
        </p>
      )}
      <RunReport run={run} parts={PARTS}>
        An example that the same model made in advance. Change the story or the question to see it work.
      </RunReport>
      <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
        <CopyButton text={best.text}>Copy the answer</CopyButton>
        <CopyButton text={() => `${asked.story.join("\n")}\n${asked.question}\n`}>Copy the story</CopyButton>
        {shareUrl && <CopyButton text={shareUrl}>Copy a link</CopyButton>}
      </div>
      {!shareUrl && <p className="text-ink-soft text-note">The story is too long for a link.</p>}
    </section>
  );
}

const DIRECTIONS: Readonly<Record<string, string>> = { n: "north", e: "east", s: "south", w: "west" };

/** A list or a path as one would say it: "apple, milk", "north, east". */
export function spellAnswer(text: string): string {
  return text
    .split(",")
    .map((part) => DIRECTIONS[part] ?? part)
    .join(", ");
}
