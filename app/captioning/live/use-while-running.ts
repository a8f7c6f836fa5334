"use client";

import { type RefObject, useCallback, useEffect, useSyncExternalStore } from "react";

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

/** Whether a video goes on: a file may have been paused, or have come to its end. */
export function usePlaying(video: RefObject<HTMLVideoElement | null>): boolean {
  const subscribeToVideo = useCallback(
    (listener: () => void) => {
      const { current } = video;
      const events = ["play", "pause", "ended"] as const;
      for (const name of events) current?.addEventListener(name, listener);
      return () => {
        for (const name of events) current?.removeEventListener(name, listener);
      };
    },
    [video],
  );
  return useSyncExternalStore(
    subscribeToVideo,
    () => video.current !== null && !video.current.paused && !video.current.ended,
    () => false,
  );
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
