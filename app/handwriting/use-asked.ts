"use client";

import { useEffect, useMemo, useState } from "react";
import type { OwnHand } from "./own-hand";
import { replaceUnsupported } from "./replacements";
import type { WritingSettings } from "./settings";
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
  const { text, seed, style, bias, lineWidth, hand } = settings;
  const [asked, setAsked] = useState(text);
  const [finished, setFinished] = useState(text);
  useEffect(() => {
    const ask = setTimeout(() => setAsked(text), DEBOUNCE);
    const finish = setTimeout(() => setFinished(text), FINISHED);
    return () => {
      clearTimeout(ask);
      clearTimeout(finish);
    };
  }, [text]);

  const request = useMemo(
    () => toRequest({ text: asked, seed, style, bias, lineWidth, hand }),
    [asked, seed, style, bias, lineWidth, hand],
  );
  return {
    /** Undefined where there is nothing to write. */
    request,
    /** Whether the visitor has come to the end of the text. */
    finished: finished === text && asked === text,
    /** Takes the text as it is for finished. */
    finish: () => {
      setAsked(text);
      setFinished(text);
    },
  };
}

/** @returns undefined where there is nothing to write */
export function toRequest({ text, hand, ...rest }: Asked): WritingRequest | undefined {
  const written = replaceUnsupported(text);
  if (written.trim() === "") return undefined;
  const prime = hand && { text: hand.text, strokes: hand.strokes };
  return { ...rest, text: written, prime };
}
