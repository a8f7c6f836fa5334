/** One answer of a model, on the server or on this device. */
import { InklingError, isAbortError } from "@/lib/inference/errors";
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
 * Runs at a place; where the device fails, on the server, saying why.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function runAt<Response extends { readonly timings: { readonly total: number } }>(
  place: Place,
  ways: Readonly<Record<Place, () => Promise<Response>>>,
  signal: AbortSignal,
): Promise<Run<Response>> {
  let fallback: string | undefined;
  if (place === "device") {
    try {
      const response = await ways.device();
      // Its own total: loading the model, which happens once, is no part of what an answer takes.
      return { response, place, milliseconds: response.timings.total };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = InklingError.from(thrown);
      // A photo that cannot be read here cannot be read there.
      if (error.code === "invalid_image" || error.code === "image_too_large") throw error;
      const reason = isAbortError(thrown) ? "loading the model was cancelled." : error.detail;
      fallback = `It did not run on this device: ${reason} The server answered instead.`;
    }
  }
  const start = performance.now();
  const response = await ways.server();
  return { response, place: "server", milliseconds: performance.now() - start, fallback };
}
