import Image from "next/image";
import { AnswerBars } from "@/lib/ui/answer-bars";
import { AttentionLayer } from "@/lib/ui/attention-layer";
import { formatProbability } from "@/lib/ui/format";
import { type Sample, sampleUrl } from "@/lib/ui/photo/samples";
import type { Example } from "./examples";

/** A photo with a question, its answers and where the model looked for them. */
export function ExamplePlate({ sample, example }: { sample: Sample; example: Example }) {
  const { answers, attention = null } = example.response;
  const [best] = answers;
  return (
    <figure>
      {/* A tall photo is cut, with the attention that lies over the whole of it. */}
      <div className="flex aspect-4/3 items-center overflow-hidden">
        <div className="relative w-full shrink-0">
          <Image
            src={sampleUrl(sample)}
            alt={sample.title}
            width={sample.width}
            height={sample.height}
            sizes="(min-width: 64rem) 60vw, 100vw"
            className="w-full"
          />
          <AttentionLayer attention={attention} opacity={0.6} />
        </div>
      </div>
      <figcaption className="mt-6 grid items-start gap-x-12 gap-y-5 sm:grid-cols-[minmax(0,1fr)_minmax(0,18rem)]">
        <div>
          <p className="text-ink-soft">{example.question}</p>
          <p className="flex items-baseline gap-x-4">
            <span className="font-serif text-title lining-nums">{best?.text}</span>
            <span className="numbers text-ink-soft">{formatProbability(best?.probability ?? 0)}</span>
          </p>
        </div>
        <AnswerBars title="How probable each answer is" answers={answers.slice(0, 4)} />
      </figcaption>
    </figure>
  );
}
