"use client";

import { useCallback, useState } from "react";

interface Step<Value> {
  /** What stood before it. */
  readonly value: Value;
  /** Brings back what was changed beside the value. */
  readonly bringBack: (() => void) | undefined;
}

interface Steps<Value> {
  readonly value: Value;
  readonly past: readonly Step<Value>[];
  /** What was changed last, and may be changed on in the same step. */
  readonly kind: string | undefined;
}

/** As many steps as can be taken back. */
const KEPT = 100;

/** A value whose changes can be taken back. */
export function useUndo<Value>(initial: Value) {
  const [{ value, past }, setSteps] = useState<Steps<Value>>({ value: initial, past: [], kind: undefined });

  /**
   * What changes nothing is no step.
   *
   * @param kind - changes of one kind that follow each other are one step: letters of a text
   * @param bringBack - called when the step is taken back, where it changes more than the value
   */
  const change = useCallback((changes: Partial<Value>, kind?: string, bringBack?: () => void) => {
    setSteps((steps) => {
      const next = { ...steps.value, ...changes };
      if (!bringBack && JSON.stringify(next) === JSON.stringify(steps.value)) return steps;
      const goesOn = kind !== undefined && kind === steps.kind;
      return {
        value: next,
        past: goesOn ? steps.past : [...steps.past, { value: steps.value, bringBack }].slice(-KEPT),
        kind,
      };
    });
  }, []);
  const last = past.at(-1);
  const undo = useCallback(() => {
    last?.bringBack?.();
    setSteps(({ value: current, past: before }) => ({
      value: before.at(-1)?.value ?? current,
      past: before.slice(0, -1),
      kind: undefined,
    }));
  }, [last]);
  /** The next change is a step of its own. */
  const settle = useCallback(() => setSteps((steps) => ({ ...steps, kind: undefined })), []);

  return { value, change, undo, settle, canUndo: last !== undefined, previous: last?.value };
}
