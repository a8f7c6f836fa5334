"use client";

import { useEffect, useState } from "react";
import { useReducedMotion } from "@/lib/ui/use-media-query";

/** Milliseconds for which each picture of the example is shown. */
const EACH = 4500;

/**
 * The example's pictures, one after the other, until the visitor stops it or chooses one; still for those who asked for less
 * motion.
 *
 * @param on - whether it is on screen
 */
export function useExample(count: number, on: boolean) {
  const [index, setIndex] = useState(0);
  const [stopped, setStopped] = useState(false);
  const still = useReducedMotion();
  const playing = on && !stopped && !still;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setIndex((current) => (current + 1) % count), EACH);
    return () => clearInterval(timer);
  }, [playing, count]);
  return {
    index,
    playing,
    /** Seconds at which each picture comes. */
    timeOf: (at: number) => (at * EACH) / 1000,
    stop: () => setStopped(true),
    play: () => setStopped(false),
    choose: (next: number) => {
      setStopped(true);
      setIndex(next);
    },
  };
}
