import type { VqaResponse } from "@/app/api/vqa/schema";

/** Which words of the question the answer hangs on, and which the model does not know. */
export function QuestionWords({
  words,
  growing,
}: {
  words: VqaResponse["questionWords"];
  /** Whether the last word may not be whole yet: that it is not known says nothing then. */
  growing: boolean;
}) {
  // Where no word counts for much, no bar is long.
  const scale = Math.max(0.1, ...words.map(({ importance }) => importance));
  const isUnknown = (index: number) => words[index]?.known === false && !(growing && index === words.length - 1);
  const unknown = words.filter((_, index) => isUnknown(index)).length;
  return (
    <section aria-labelledby="question-words">
      <h2 id="question-words" className="font-sans text-ink-soft text-note">
        What each word is worth: the percentage points that the answer loses without it
      </h2>
      <ul className="mt-2 flex flex-wrap gap-x-3 gap-y-2">
        {words.map(({ text, importance }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice, and words never move
          <li key={index} className="min-w-7 text-center">
            <span
              className={`font-serif text-lg leading-tight ${!isUnknown(index) ? "" : "text-ink-soft underline decoration-wavy decoration-1 underline-offset-4"}`}
            >
              {text}
            </span>
            <span aria-hidden className="mt-1 block h-[3px] bg-ink/10">
              <span className="block h-full bg-seen" style={{ width: `${(importance / scale) * 100}%` }} />
            </span>
            <span className="numbers block text-ink-soft text-note">
              {isUnknown(index) ? (
                "not known"
              ) : (
                <>
                  {Math.round(importance * 100)} <span className="sr-only">percentage points</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {unknown > 0 && (
        <p className="mt-2 text-note">
          {unknown === 1 ? "It does not know one of the words" : `It does not know ${unknown} of the words`}: they were
          not in the questions that it learned from, and it reads on without them.
        </p>
      )}
    </section>
  );
}
