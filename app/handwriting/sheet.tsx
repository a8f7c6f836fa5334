"use client";

import type { RefObject } from "react";
import { DREAM_TITLE } from "@/lib/handwriting/options";
import { InkCanvas } from "./ink-canvas";
import type { Pen } from "./pen";
import type { Look, Paper } from "./settings";

const PAPERS: Readonly<Record<Paper, string>> = {
  plain: "bg-paper-deep text-ink",
  ruled: "ruled bg-paper-deep text-ink",
  dark: "bg-board text-chalk",
};

/** A sheet of paper with the ink on it: what is printed of the page. */
export function Sheet({
  pen,
  look: { paper, width, color },
  text,
  busy,
  sheetRef,
}: {
  pen: Pen;
  look: Look;
  /** What the ink says: "" for a dream, undefined where there is no ink. */
  text: string | undefined;
  busy: boolean;
  sheetRef: RefObject<HTMLDivElement | null>;
}) {
  // Ink without a colour of its own is light on a dark screen.
  return (
    <figure aria-label="The writing" aria-busy={busy}>
      <div
        ref={sheetRef}
        style={{ color }}
        className={`min-h-36 sm:min-h-52 print:bg-transparent ${color ? "" : "print:[&_canvas]:brightness-0"} ${PAPERS[paper]}`}
      >
        <InkCanvas
          pen={pen}
          width={width}
          color={color}
          label={text === "" ? DREAM_TITLE : `Handwriting: ${text ?? ""}`}
        />
      </div>
    </figure>
  );
}

/** The colours of the ink and the paper on the page, as a picture can use them. */
export function sheetColors(sheet: HTMLElement | null): { readonly ink: string; readonly paper: string } {
  if (!sheet) return { ink: "#182034", paper: "#ffffff" };
  const { color, backgroundColor } = getComputedStyle(sheet);
  return { ink: color, paper: backgroundColor };
}
