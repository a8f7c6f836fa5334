import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { type ErrorData, InklingError } from "@/lib/inference/errors";
import type { CaptionSettings } from "./settings";

/**
 * Captions a photo on the server.
 *
 * @throws `InklingError` with what the server said, or the signal's reason
 */
export async function captionOnServer(
  photo: Blob,
  { beamWidth, count, rerank }: CaptionSettings,
  signal: AbortSignal,
): Promise<CaptioningResponse> {
  const body = new FormData();
  body.set("image", photo);
  body.set("beamWidth", String(beamWidth));
  body.set("count", String(count));
  body.set("rerank", String(rerank));
  body.set("attention", "true");
  const response = await fetch("/api/captioning", { method: "POST", body, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new InklingError(
      "internal",
      "The server cannot be reached.",
      "Check your connection, or run on this device.",
      { cause },
    );
  });
  if (response.ok) return response.json();
  const problem: Partial<ErrorData> | null = await response.json().catch(() => null);
  if (problem?.code && problem.detail && problem.suggestion) throw InklingError.fromData(problem as ErrorData);
  throw new InklingError("internal", `The server answered with ${response.status}.`, "Try again in a moment.");
}
