"use client";

import { useEffect, useRef } from "react";
import type { InklingError } from "@/lib/inference/errors";

/** What went wrong, and what to do about it; brought into sight, wherever on the page the visitor is. */
export function Problem({ error, children }: { error: InklingError; children?: React.ReactNode }) {
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
      {children}
    </div>
  );
}
