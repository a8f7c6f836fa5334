"use client";

import { useState } from "react";
import type { Caption } from "@/lib/captioning/pipeline";
import { Button } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { probabilitiesAmong } from "./probabilities";

/** The captions that the search returned, each with its probability among them. */
export function Alternatives({
  captions,
  chosen,
  order = "They stand in the order in which guesses agree on them.",
  onChoose,
}: {
  captions: readonly Caption[];
  chosen: number;
  /** Why they stand in another order than by probability, where they do. */
  order?: string;
  onChoose: (index: number) => void;
}) {
  const [raw, setRaw] = useState(false);
  const probabilities = probabilitiesAmong(captions.map(({ logProbability }) => logProbability));
  if (captions.length < 2) return null;
  const reordered = probabilities.some((probability, index) => probability > (probabilities[index - 1] ?? 1));

  return (
    <section aria-labelledby="alternatives" className="mt-10">
      <div className="flex items-baseline gap-4">
        <h2 id="alternatives" className="mr-auto font-serif text-xl">
          What else it considered
        </h2>
        <Button look="text" className="text-note" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          {raw ? "Show probabilities" : "Show raw values"}
        </Button>
      </div>
      <p className="text-ink-soft text-note">
        {raw
          ? "Natural logarithm of each caption’s probability, and the score that ranks them."
          : `How probable each is among these, if one of them were right.${reordered ? ` ${order}` : ""}`}
      </p>
      <ol className="mt-3">
        {captions.map((caption, index) => {
          const probability = probabilities[index] as number;
          return (
            <li key={caption.text} className="border-hairline border-t">
              <button
                type="button"
                aria-pressed={index === chosen}
                onClick={() => onChoose(index)}
                className="group grid w-full grid-cols-[1fr_auto] items-baseline gap-x-6 py-2.5 text-left"
              >
                <span
                  className={`font-serif text-lg leading-snug group-hover:text-ink ${index === chosen ? "" : "text-ink-soft"}`}
                >
                  {caption.text}
                </span>
                <span className="numbers text-right text-ink-soft text-note">
                  {raw ? (
                    <>
                      {caption.logProbability.toFixed(3)}
                      <span className="ml-3">score {caption.score.toFixed(3)}</span>
                    </>
                  ) : (
                    <>
                      {formatProbability(probability)} <span className="sr-only">among these</span>
                    </>
                  )}
                </span>
                <span
                  aria-hidden
                  className="col-span-2 mt-1.5 h-px bg-ink/60"
                  style={{ width: `${probability * 100}%` }}
                />
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
