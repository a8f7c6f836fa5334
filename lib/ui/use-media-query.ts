"use client";

import { useCallback, useSyncExternalStore } from "react";

/**
 * Whether a media query matches.
 *
 * @param unknown - the answer until the page is hydrated
 */
export function useMediaQuery(query: string, unknown = false): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => unknown,
  );
}

/** Whether the visitor wants nothing to move; true until that is known. */
export const useReducedMotion = () => useMediaQuery("(prefers-reduced-motion: reduce)", true);
