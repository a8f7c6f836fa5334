"use client";

import type { VqaResponse } from "@/app/api/vqa/schema";
import type { Photo } from "@/lib/ui/photo/photo";
import { HistoryPanel } from "@/lib/ui/run/history-panel";
import type { HistoryEntry } from "@/lib/ui/run/history-store";

export type AnswerEntry = HistoryEntry<{ readonly question: string }, VqaResponse>;

/** Earlier answers, by which they are opened again. */
export function AnswerHistory({ onOpen }: { onOpen: (entry: AnswerEntry, photo: Photo) => void }) {
  return (
    <HistoryPanel<AnswerEntry>
      name="answers"
      title={({ settings, response }) => `${settings.question} ${response.answers[0]?.text}`}
      empty="What you ask is kept here, on this device alone, until you remove it."
      onOpen={onOpen}
    />
  );
}
