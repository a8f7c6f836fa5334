"use client";

import { useSyncExternalStore } from "react";

const subscribeToNothing = () => () => {};

/**
 * Whether the page hears its visitor: from when it is hydrated. What is typed into a field before, React puts back to what the
 * server rendered, so that a field is to be read only until then.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
}
