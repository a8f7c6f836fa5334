"use client";

import { AnswerBars } from "@/lib/ui/answer-bars";
import { Button } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button";
import { formatProbability } from "@/lib/ui/format";
import { RunReport } from "@/lib/ui/run/run-report";
import { saveFile } from "@/lib/ui/save-file";
import { comparePrior, describeConfidence } from "./confidence";
import { QuestionWords } from "./question-words";
import type { AnswerRun } from "./use-answer";

/** What passes between asking and answering, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["decode", "decoding the photo"],
  ["encode", "seeing"],
  ["answer", "answering"],
] as const;

/** The answer, how sure it is, and what it came from. */
export function Answer({
  photoName,
  question,
  run,
  typing,
  busy,
  shareUrl,
}: {
  photoName: string;
  question: string;
  run: AnswerRun;
  /** Whether the last word may still be growing. */
  typing: boolean;
  /** Whether another answer is on its way. */
  busy: boolean;
  shareUrl: () => string;
}) {
  const { response } = run;
  const [best] = response.answers;
  if (!best) return null;
  const doubt = describeConfidence(response);
  const file = `${photoName.replace(/\.\w+$/, "")}.answer.json`;
  const save = () =>
    saveFile(file, "application/json", `${JSON.stringify({ photo: photoName, question, ...response }, null, 2)}\n`);

  return (
    <section
      aria-label="The answer"
      aria-busy={busy}
      // What comes at once does not flicker.
      className={`duration-200 motion-safe:transition-opacity ${busy ? "opacity-45 delay-200" : ""}`}
    >
      <p className="flex flex-wrap items-baseline gap-x-4">
        <strong className={`break-words font-normal font-serif text-title lining-nums ${doubt ? "text-ink-soft" : ""}`}>
          {best.text}
        </strong>
        <span className="numbers text-ink-soft">{formatProbability(best.probability)}</span>
      </p>
      {doubt && <p className="mt-1 font-serif text-xl leading-snug">{doubt}</p>}

      <div className="mt-6 grid gap-x-8 gap-y-6 sm:grid-cols-[3fr_2fr]">
        <AnswerBars title="With the photo" answers={response.answers} />
        <AnswerBars title="Without the photo" answers={response.withoutImage} quiet />
      </div>
      <p className="mt-2 text-ink-soft text-note">{comparePrior(response)}</p>

      <div className="mt-6">
        <QuestionWords words={response.questionWords} growing={typing} />
      </div>

      <RunReport run={run} parts={PARTS}>
        An example that the same model made in advance. Ask something else, or take a photo of your own, to see it work.
      </RunReport>
      <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
        <CopyButton text={best.text}>Copy the answer</CopyButton>
        <Button look="text" onClick={save}>
          Download JSON
        </Button>
        <CopyButton text={shareUrl}>Copy a link</CopyButton>
      </div>
    </section>
  );
}
