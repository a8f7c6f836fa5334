"use client";

import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
/** For browsers that refuse storage: what was chosen lasts as long as the page. */
const memory = new Map<string, string>();

/** What is stored under a key, in whatever way this browser allows. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

/** @param value - null removes what was stored */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) {
      memory.delete(key);
      localStorage.removeItem(key);
    } else {
      memory.set(key, value);
      localStorage.setItem(key, value);
    }
  } catch {
    // Full or refused: `memory` has it.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab of the same app changed it.
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

/**
 * A string that is remembered on the device, the same in every component that asks for the key.
 *
 * @param parse - makes the value of what was stored, which may be null or, from an older version, anything
 * @returns the value (what `parse(null)` gives until the page is hydrated), and a function that stores a new one
 */
export function useStoredState<Value>(
  key: string,
  parse: (stored: string | null) => Value,
): [Value, (value: string) => void] {
  const stored = useSyncExternalStore(
    subscribe,
    () => readStored(key),
    () => null,
  );
  const set = useCallback((value: string) => writeStored(key, value), [key]);
  return [parse(stored), set];
}
