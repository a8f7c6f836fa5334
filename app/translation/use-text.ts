"use client";

import { useEffect, useState } from "react";
import { type Asked, cutText } from "./settings";

/** Milliseconds without a keystroke after which the text is translated. */
const DEBOUNCE = 350;

/** The text as it is typed, and as it is translated. */
export function useText(initial: Asked) {
  const [state, setState] = useState({ typed: initial, settled: initial });
  const { typed, settled } = state;
  useEffect(() => {
    const timer = setTimeout(
      () => setState((current) => (current.typed === typed ? { typed, settled: typed } : current)),
      DEBOUNCE,
    );
    return () => clearTimeout(timer);
  }, [typed]);
  const settle = (next: Asked) => setState({ typed: next, settled: next });
  return {
    text: typed.text,
    beamWidth: typed.beamWidth,
    /** Undefined where there is nothing to translate. */
    asked: settled.text.trim() === "" ? undefined : settled,
    /** Whether what is typed is what is translated. */
    settled: typed === settled,
    change: (text: string) => setState((current) => ({ ...current, typed: { ...current.typed, text: cutText(text) } })),
    /** Translates what is typed at once. */
    settle: () => settle(typed),
    choose: (text: string) => settle({ ...typed, text }),
    widen: (beamWidth: number) => settle({ ...typed, beamWidth }),
  };
}
