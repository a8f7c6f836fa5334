/** The door that every request for a model goes through, with the server's time limit. */
import { env } from "@/lib/env";
import { clientOf } from "@/lib/http/client";
import { Admission } from "@/lib/inference/admission";
import { deadlineSignal } from "@/lib/inference/deadline";

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingAdmission?: Admission };

/**
 * Parts of a worker that requests take: several of them together take each other no longer than `INFERENCE_MAX_SLOWDOWN` allows,
 * since questions and lines are cheaper in batches.
 */
export const WEIGHTS = {
  caption: 1,
  /** A caption that is not re-ranked. */
  searched: 0.3,
  question: 0.25,
  /** A question about a photo that was encoded before. */
  keptQuestion: 0.05,
  line: 0.2,
  story: 0.05,
  translation: 0.2,
  character: 0.0003,
};

/** What a caption takes, in milliseconds, on a slow pair of cores. */
const CAPTION_MS = 500;

export function getAdmission(): Admission {
  shared.inklingAdmission ??= new Admission({
    capacity: env.INFERENCE_MAX_SLOWDOWN * env.INFERENCE_WORKERS,
    maxWaiting: env.INFERENCE_MAX_QUEUE,
    maxWaitMs: env.REQUEST_DEADLINE_MS / 3,
    guessMs: CAPTION_MS,
  });
  return shared.inklingAdmission;
}

/**
 * Refuses a request that has no chance to be let in, before its body is read: reading photos that are thrown away would take the
 * time of those that are not.
 *
 * @throws `InklingError` with code `overloaded`
 */
export function assertOpen(request: Request): void {
  getAdmission().assertOpen(clientOf(request));
}

/** Whether others than this request's client are being served: for them, what is optional is left out. */
export function servesOthers(request: Request): boolean {
  return getAdmission().servesOthers(clientOf(request));
}

/**
 * Works on a request once there is room for it.
 *
 * @param weight - its part of a worker; `WEIGHTS`, and never more than 1 counts
 * @param use - works until its signal is aborted: by the client's leaving, or when the time is up
 * @param signal - of the client; default the request's own
 * @throws `InklingError` with code `overloaded` or `deadline_exceeded`, what `use` throws, or the signal's reason
 */
export async function admit<Result>(
  request: Request,
  weight: number,
  use: (signal: AbortSignal) => Promise<Result>,
  signal = request.signal,
): Promise<Result> {
  // The time limit is the server's own: how long an upload takes is the client's affair.
  const limited = deadlineSignal(env.REQUEST_DEADLINE_MS, signal);
  try {
    const leave = await getAdmission().enter(Math.min(1, weight), clientOf(request), limited.signal);
    try {
      return await use(limited.signal);
    } finally {
      leave();
    }
  } finally {
    limited.release();
  }
}
