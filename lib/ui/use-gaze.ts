"use client";

import { useCallback, useEffect, useState } from "react";

/** Milliseconds for which each word is looked at. */
const PACE = 420;

/**
 * Which word is being looked at. A new sentence is gone through once by itself, unless the visitor asked for less motion;
 * from the first touch on it is theirs.
 *
 * @param sentence - changes when there is another sentence to go through
 * @param count - its words; 0 while there is nothing to look at
 */
export function useGaze(sentence: unknown, count: number): [number | null, (index: number | null) => void] {
  const [active, setActive] = useState<number | null>(null);
  const [touched, setTouched] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `sentence` is what starts it anew
  useEffect(() => {
    setTouched(false);
    setActive(null);
  }, [sentence]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `sentence` is what starts it anew
  useEffect(() => {
    if (touched || count === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    let word = 0;
    const timer = setInterval(() => {
      setActive(word < count ? word : null);
      if (word === count) clearInterval(timer);
      word++;
    }, PACE);
    return () => clearInterval(timer);
  }, [sentence, count, touched]);

  const take = useCallback((index: number | null) => {
    setTouched(true);
    setActive(index);
  }, []);
  return [active, take];
}
