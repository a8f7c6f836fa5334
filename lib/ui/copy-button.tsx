"use client";

import { useEffect, useState } from "react";
import { Button } from "./button";

/**
 * Copies text, and says so for a moment.
 *
 * @param text - what to copy, or a function that makes it when it is asked for
 */
export function CopyButton({ text, children }: { text: string | (() => string); children: string }) {
  const [said, setSaid] = useState<string>();

  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(undefined), 2500);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setSaid("Copied");
    } catch {
      setSaid("Your browser did not allow copying");
    }
  }

  return (
    <Button look="text" onClick={copy}>
      {said ?? children}
      <span role="status" className="sr-only">
        {said}
      </span>
    </Button>
  );
}
