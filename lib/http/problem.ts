import type { InklingError } from "@/lib/inference/errors";
import type { Problem } from "./schema";

/** Seconds after which a busy server may be asked again. */
const RETRY_AFTER_S = 2;

/**
 * An error as the answer to a request (RFC 9457). Only what is meant for users is told: never a cause, a stack, a path or a
 * library's message.
 */
export function problemResponse(error: InklingError, headers?: HeadersInit): Response {
  return failureResponse(error, toProblem(error), "application/problem+json", headers);
}

/** An error as a client of the Open Inference Protocol expects it: `{ "error": … }`. */
export function oipErrorResponse(error: InklingError, headers?: HeadersInit): Response {
  return failureResponse(error, { error: `${error.detail} ${error.suggestion}` }, "application/json", headers);
}

function failureResponse({ code, status }: InklingError, body: unknown, type: string, headers?: HeadersInit): Response {
  const answered = new Headers(headers);
  answered.set("content-type", type);
  answered.set("cache-control", "no-store");
  if (code === "overloaded" && !answered.has("retry-after")) answered.set("retry-after", String(RETRY_AFTER_S));
  return new Response(JSON.stringify(body), { status, headers: answered });
}

/** As `problemResponse`, for a body that is more than that. */
export function toProblem({ code, status, title, detail, suggestion }: InklingError): Problem {
  return { type: `urn:inkling:problem:${code}`, title, status, detail, code, suggestion };
}
