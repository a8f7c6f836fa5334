import type { InklingError } from "@/lib/inference/errors";
import type { Problem } from "./schema";

/** Seconds after which a busy server may be asked again. */
const RETRY_AFTER_S = 2;

/**
 * An error as the answer to a request (RFC 9457). Only what is meant for users is told: never a cause, a stack, a path or a
 * library's message.
 */
export function problemResponse(error: InklingError, headers?: HeadersInit): Response {
  const { code, status } = error;
  const problem = toProblem(error);
  const answered = new Headers(headers);
  answered.set("content-type", "application/problem+json");
  answered.set("cache-control", "no-store");
  if (code === "overloaded" && !answered.has("retry-after")) answered.set("retry-after", String(RETRY_AFTER_S));
  return new Response(JSON.stringify(problem), { status, headers: answered });
}

/** As `problemResponse`, for a body that is more than that. */
export function toProblem({ code, status, title, detail, suggestion }: InklingError): Problem {
  return { type: `urn:inkling:problem:${code}`, title, status, detail, code, suggestion };
}
