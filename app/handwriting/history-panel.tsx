"use client";

import type { HandwritingResponse } from "@/app/api/handwriting/schema";
import { HistoryPanel } from "@/lib/ui/run/history-panel";
import type { HistoryEntry } from "@/lib/ui/run/history-store";
import type { Asked } from "./use-asked";

export type WritingEntry = HistoryEntry<Asked, HandwritingResponse>;

/** Earlier writings, by which they are opened again. */
export function WritingHistory({ onOpen }: { onOpen: (entry: WritingEntry) => void }) {
  return (
    <HistoryPanel<WritingEntry>
      name="writings"
      title={({ settings }) => (settings.dream ? "Dream" : settings.text.replace(/\s+/g, " ").trim())}
      empty="What you have written is kept here, on this device alone, until you remove it."
      whole
      onOpen={onOpen}
    />
  );
}
