"use client";

import { useEffect, useState } from "react";
import { useUndo } from "@/lib/ui/use-undo";
import { type Asked, cutText } from "./settings";

/** Milliseconds without a keystroke after which the text is translated. */
const DEBOUNCE = 350;

/** The text as it is typed, and as it is translated. */
export function useText(initial: Asked) {
  const { value: typed, change, undo, settle, canUndo } = useUndo(initial);
  const [asked, setAsked] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), DEBOUNCE);
    return () => clearTimeout(timer);
  }, [typed]);
  const changeAtOnce = (changes: Partial<Asked>) => {
    change(changes);
    setAsked({ ...typed, ...changes });
  };
  return {
    text: typed.text,
    beamWidth: typed.beamWidth,
    /** Undefined where there is nothing to translate. */
    asked: asked.text.trim() === "" ? undefined : asked,
    /** Whether what is typed is what is translated. */
    settled: typed.text === asked.text && typed.beamWidth === asked.beamWidth,
    change: (text: string) => change({ text: cutText(text) }, "text"),
    /** Translates what is typed at once. */
    settle: () => {
      settle();
      setAsked(typed);
    },
    choose: (text: string) => changeAtOnce({ text }),
    widen: (beamWidth: number) => changeAtOnce({ beamWidth }),
    /** Takes the last change back. */
    undo,
    canUndo,
  };
}
