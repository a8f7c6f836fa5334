"use client";

import { useEffect, useMemo, useState } from "react";
import { DEFAULT_LINE_WIDTH } from "@/lib/handwriting/options";
import type { OwnHand } from "./own-hand";
import { replaceUnsupported } from "./replacements";
import { DREAM_LINES, type WritingSettings } from "./settings";
import type { WritingRequest } from "./writer";

/** Milliseconds without a keystroke after which the text is written. */
const DEBOUNCE = 150;
/** Milliseconds without a keystroke after which it is taken for finished: read out, and kept in the history. */
const FINISHED = 1200;

/** All that a writing is made of. */
export interface Asked extends WritingSettings {
  /** The visitor's own hand, in place of a style. */
  readonly hand?: OwnHand;
}

/** What is asked of the model while settings change: the text once it rests for a moment, the rest at once. */
export function useAsked(settings: Asked) {
  const { dream, seed, style, bias, lineWidth, hand } = settings;
  /** Null for a dream, which nobody types. */
  const text = dream ? null : settings.text;
  const [asked, setAsked] = useState(text);
  const [finished, setFinished] = useState(text);
  useEffect(() => {
    const ask = setTimeout(() => setAsked(text), text === null ? 0 : DEBOUNCE);
    const finish = setTimeout(() => setFinished(text), text === null ? 0 : FINISHED);
    return () => {
      clearTimeout(ask);
      clearTimeout(finish);
    };
  }, [text]);

  // A dream begins at once, with whatever else changes, and goes on until there is a text to ask for.
  const current = text === null ? null : asked;
  const request = useMemo(
    () => toRequest({ text: current ?? "", dream: current === null, seed, style, bias, lineWidth, hand }),
    [current, seed, style, bias, lineWidth, hand],
  );
  return {
    /** Undefined where there is nothing to write. */
    request,
    /** Whether the visitor has come to the end of the text. */
    finished: text === null || (finished === text && asked === text),
    /** Takes the text as it is for finished. */
    finish: () => {
      setAsked(text);
      setFinished(text);
    },
  };
}

/** @returns undefined where there is nothing to write */
export function toRequest({ text, dream, hand, ...rest }: Asked): WritingRequest | undefined {
  const prime = hand && { text: hand.text, strokes: hand.strokes };
  // Another width asks for nothing new.
  if (dream) return { ...rest, dream: DREAM_LINES, lineWidth: DEFAULT_LINE_WIDTH, prime };
  const written = replaceUnsupported(text);
  if (written.trim() === "") return undefined;
  return { ...rest, text: written, prime };
}
