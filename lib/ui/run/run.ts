/** One answer of a model, on the server or on this device. */
import { InklingError, isAbortError } from "@/lib/inference/errors";
import { isUnreachable } from "./fetch-api";
import type { Place } from "./measured-times";

/** One answer, and how it came about. */
export interface Run<Response> {
  readonly response: Response;
  readonly place: Place;
  /**
   * What the answer took here, in milliseconds: from asking the server to having its answer, or the device's own total.
   * Absent for an example, which was made in advance.
   */
  readonly milliseconds?: number;
  /** One sentence: why it did not run where it was asked to. */
  readonly fallback?: string;
}

/**
 * Runs at a place; where the device fails, on the server, and where that cannot be reached, on the device if the model is
 * there: saying why.
 *
 * @param here - whether the model is on this device
 * @throws `InklingError`, or the signal's reason
 */
export async function runAt<Response extends { readonly timings: { readonly total: number } }>(
  place: Place,
  ways: Readonly<Record<Place, () => Promise<Response>>>,
  { here, signal }: { readonly here: boolean; readonly signal: AbortSignal },
): Promise<Run<Response>> {
  let failure: string | undefined;
  if (place === "device") {
    try {
      return await runHere(ways.device);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = InklingError.from(thrown);
      // A photo that cannot be read here cannot be read there.
      if (error.code === "invalid_image" || error.code === "image_too_large") throw error;
      const reason = isAbortError(thrown) ? "loading the model was cancelled." : error.detail;
      failure = `It did not run on this device: ${reason}`;
    }
  }
  const start = performance.now();
  try {
    const response = await ways.server();
    const fallback = failure && `${failure} The server answered instead.`;
    return { response, place: "server", milliseconds: performance.now() - start, fallback };
  } catch (thrown) {
    signal.throwIfAborted();
    if (!isUnreachable(thrown)) throw thrown;
    if (failure) throw unavailable(`${failure} The server cannot be reached either.`, thrown);
    if (!here) throw unavailable("The server cannot be reached, and the model is not on this device.", thrown);
    return { ...(await runHere(ways.device)), fallback: "The server cannot be reached: this device answered instead." };
  }
}

async function runHere<Response extends { readonly timings: { readonly total: number } }>(
  run: () => Promise<Response>,
): Promise<Run<Response>> {
  const response = await run();
  // Its own total: loading the model, which happens once, is no part of what an answer takes.
  return { response, place: "device", milliseconds: response.timings.total };
}

function unavailable(detail: string, cause: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    detail,
    "Check your connection. What has run on this device once runs there without a network as well.",
    { cause },
  );
}
