import { InklingError } from "./errors";

/**
 * A signal that is aborted when the caller's is, or with `deadline_exceeded` as its reason when the time has passed.
 * Whatever takes the signal thereby keeps the deadline.
 *
 * @param limitMs - milliseconds from now
 * @param signal - the caller's own, such as `request.signal`
 * @returns the signal, and `release`, to be called when the work is over
 */
export function deadlineSignal(limitMs: number, signal?: AbortSignal): { signal: AbortSignal; release: () => void } {
  // AbortSignal.any over AbortSignal.timeout would be shorter, but in Node 20 such a signal can be collected as garbage
  // before it fires, and its reason would not name the deadline.
  const controller = new AbortController();
  const leave = () => controller.abort(signal?.reason);
  if (signal?.aborted) leave();
  signal?.addEventListener("abort", leave, { once: true });
  const timer = setTimeout(() => {
    const seconds = limitMs / 1000;
    controller.abort(
      new InklingError(
        "deadline_exceeded",
        `This took longer than ${seconds} s.`,
        "Try again when the server is less busy.",
      ),
    );
  }, limitMs);
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    },
  };
}
