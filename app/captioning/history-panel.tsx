"use client";

import type { CaptioningResponse } from "@/app/api/captioning/schema";
import type { Photo } from "@/lib/ui/photo/photo";
import { HistoryPanel } from "@/lib/ui/run/history-panel";
import type { HistoryEntry } from "@/lib/ui/run/history-store";
import type { CaptionSettings } from "./settings";

export type CaptionEntry = HistoryEntry<CaptionSettings, CaptioningResponse>;

/** Earlier captions, by which they are opened again. */
export function CaptionHistory({ onOpen }: { onOpen: (entry: CaptionEntry, photo: Photo) => void }) {
  return (
    <HistoryPanel<CaptionEntry>
      name="captions"
      title={({ response }) => response.captions[0]?.text ?? ""}
      empty="What you caption is kept here, on this device alone, until you remove it."
      onOpen={onOpen}
    />
  );
}
