"use client";

import { useEffect, useSyncExternalStore } from "react";

/** Whether nobody can see the page. */
export function useHidden(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => document.hidden,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** Keeps the screen on while `running`. Browsers let it go when the page is hidden, which ends a run as well. */
export function useWakeLock(running: boolean): void {
  useEffect(() => {
    if (!running || !("wakeLock" in navigator)) return;
    let ended = false;
    let lock: WakeLockSentinel | undefined;
    navigator.wakeLock.request("screen").then(
      (granted) => {
        lock = granted;
        if (ended) void granted.release();
      },
      () => {
        // A battery that is low: the screen goes off as it always does.
      },
    );
    return () => {
      ended = true;
      void lock?.release();
    };
  }, [running]);
}
