"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { rememberRun } from "@/lib/ui/run/remember";
import type { Asked } from "./use-asked";
import type { WritingRun } from "./use-writing";

/** Of the picture in the history, in pixels, and of the line in it, in twentieths of the x-height. */
const PICTURE_WIDTH = 320;
const PICTURE_LINE = 3;
/** As many characters as can be told in it, or strokes of a dream. */
const PICTURED = 8;

/**
 * Keeps finished writings in the history of this device, once each. What came from the history is not kept again.
 *
 * @param run - undefined while the text is typed or being written
 */
export function useRemembered(asked: Asked, run: WritingRun | undefined): { skip(run: WritingRun): void } {
  const client = useQueryClient();
  const kept = useRef(new WeakSet<WritingRun>());
  useEffect(() => {
    if (!run || kept.current.has(run)) return;
    kept.current.add(run);
    const name = asked.dream ? "Dream" : asked.text;
    const photo = { id: "", name, url: "", width: PICTURE_WIDTH, height: PICTURE_WIDTH, read: () => picture(run) };
    void rememberRun("writings", photo, asked, run).then(() =>
      client.invalidateQueries({ queryKey: ["history", "writings"] }),
    );
  }, [asked, client, run]);
  return { skip: (run) => void kept.current.add(run) };
}

/** The beginning of a writing: in black, since it is put on white. */
async function picture({ response: { strokes, characters } }: WritingRun): Promise<Blob> {
  const [{ toPng }, { paceInk }] = await Promise.all([
    import("@/lib/handwriting/exports/png"),
    import("@/lib/handwriting/rhythm"),
  ]);
  const end = characters.length > 0 ? characters[PICTURED]?.stroke : PICTURED;
  const begun = strokes.slice(0, end || undefined);
  return toPng(paceInk(begun), PICTURE_WIDTH, { color: "#182034", background: "#ffffff", width: PICTURE_LINE });
}
