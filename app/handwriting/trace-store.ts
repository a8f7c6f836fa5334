import type { InkTrace } from "./trace";

const traces = new WeakMap<object, InkTrace>();

/** Kept beside a writing and not in it: the history keeps writings. */
export function keepTrace(writing: object, trace: InkTrace): void {
  traces.set(writing, trace);
}

/** @returns undefined for what the server wrote, or what came from the history */
export function traceOf(writing: object): InkTrace | undefined {
  return traces.get(writing);
}
