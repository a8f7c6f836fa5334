"use client";

import { useCallback, useState } from "react";

interface Steps<Value> {
  readonly value: Value;
  readonly past: readonly Value[];
  /** What was changed last, and may be changed on in the same step. */
  readonly kind: string | undefined;
}

/** As many steps as can be taken back. */
const KEPT = 100;

/** A value whose changes can be taken back. */
export function useUndo<Value>(initial: Value) {
  const [{ value, past }, setSteps] = useState<Steps<Value>>({ value: initial, past: [], kind: undefined });

  /** @param kind - changes of one kind that follow each other are one step: letters of a text */
  const change = useCallback((changes: Partial<Value>, kind?: string) => {
    setSteps((steps) => ({
      value: { ...steps.value, ...changes },
      past: kind !== undefined && kind === steps.kind ? steps.past : [...steps.past, steps.value].slice(-KEPT),
      kind,
    }));
  }, []);
  const undo = useCallback(() => {
    setSteps(({ value: current, past: before }) => ({
      value: before.at(-1) ?? current,
      past: before.slice(0, -1),
      kind: undefined,
    }));
  }, []);
  /** The next change is a step of its own. */
  const settle = useCallback(() => setSteps((steps) => ({ ...steps, kind: undefined })), []);

  return { value, change, undo, settle, canUndo: past.length > 0 };
}
