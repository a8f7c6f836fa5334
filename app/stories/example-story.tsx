import { formatProbability } from "@/lib/ui/format";
import type { Example } from "./example";

/** A story with a question, its answer, and how much all looks together saw of each sentence. */
export function ExampleStory({ example: { story, question, response } }: { example: Example }) {
  const [best] = response.answers;
  const seen = story.map((_, index) => Math.max(...response.hops.map((hop) => hop[index] ?? 0)));
  return (
    <figure>
      <ol className="border-hairline border-b font-serif text-xl">
        {story.map((sentence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sentences never move
          <li key={index} className="relative border-hairline border-t py-2">
            {sentence}
            <span className="sr-only">
              It saw {formatProbability(seen[index] as number)} of it in the look that saw most.
            </span>
            <span
              aria-hidden
              className="absolute -bottom-px left-0 h-[3px] bg-seen"
              style={{ width: `${(seen[index] as number) * 100}%` }}
            />
          </li>
        ))}
      </ol>
      <figcaption className="mt-6">
        <p className="text-ink-soft">{question}</p>
        <p className="flex items-baseline gap-x-4">
          <span className="font-serif text-title">{best?.text}</span>
          <span className="numbers text-ink-soft">{formatProbability(best?.probability ?? 0)}</span>
        </p>
      </figcaption>
    </figure>
  );
}
