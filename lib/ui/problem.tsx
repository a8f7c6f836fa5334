"use client";

import { useEffect, useRef } from "react";
import type { InklingError } from "@/lib/inference/errors";
import { Button } from "./button";

/** Statuses of what lies in the input: the same again fails again. */
const OF_INPUT: readonly number[] = [400, 413, 415, 422];

/**
 * What went wrong, and what to do about it; brought into sight, wherever on the page the visitor is.
 *
 * @param onRetry - offered where the same may succeed another time
 */
export function Problem({ error, onRetry }: { error: InklingError; onRetry?: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new error is to be seen
  useEffect(() => {
    // In a block: newer browsers return a promise, which React would take for a clean-up.
    box.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <div ref={box} role="alert" className="border-ink border-l-2 pl-4">
      <p className="font-serif text-xl leading-snug">{error.detail}</p>
      <p className="mt-1 text-ink-soft text-sm">{error.suggestion}</p>
      {onRetry && !OF_INPUT.includes(error.status) && (
        <Button className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
