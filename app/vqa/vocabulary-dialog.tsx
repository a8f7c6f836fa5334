"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { VqaVocabulary } from "@/app/api/vqa/schema";
import { InklingError } from "@/lib/inference/errors";
import { Modal } from "@/lib/ui/modal";
import { Problem } from "@/lib/ui/problem";
import { fetchOwn } from "@/lib/ui/run/fetch-api";

/** Everything that can be answered, to be searched. */
export function VocabularyDialog({ onClose }: { onClose: () => void }) {
  const { data, error } = useQuery({ queryKey: ["vocabulary"], queryFn: fetchVocabulary });
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = data?.answers.filter((answer) => answer.includes(wanted)) ?? [];
  return (
    <Modal title="What it can answer" onClose={onClose}>
      {error && <Problem error={InklingError.from(error)} />}
      {data && (
        <>
          <p className="text-ink-soft text-sm">
            It chooses one of {data.answers.length.toLocaleString("en")} answers, the most frequent in its training
            first; it reads {data.words.toLocaleString("en")} words of questions, and marks the others.
          </p>
          <label className="mt-4 block">
            <span className="sr-only">Search the answers</span>
            <input
              type="search"
              value={text}
              onChange={({ target }) => setText(target.value)}
              placeholder="Search"
              className="w-full border-ink/40 border-b bg-transparent py-1.5 placeholder:text-ink-soft"
            />
          </label>
          <p role="status" className="numbers mt-2 text-ink-soft text-note">
            {wanted && `${found.length.toLocaleString("en")} of ${data.answers.length.toLocaleString("en")}`}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keyboard too */}
          <section aria-label="Answers" tabIndex={0} className="mt-2 h-[min(24rem,50dvh)] overflow-y-auto">
            <ul className="columns-2 gap-6 font-serif text-lg sm:columns-3">
              {found.map((answer) => (
                <li key={answer} className="break-words">
                  {answer}
                </li>
              ))}
            </ul>
            {found.length === 0 && <p className="text-sm">It never answers that.</p>}
          </section>
        </>
      )}
    </Modal>
  );
}

async function fetchVocabulary({ signal }: { signal: AbortSignal }): Promise<VqaVocabulary> {
  return (await fetchOwn("/api/vqa/vocabulary", { signal })).json();
}
