import { type ErrorData, InklingError } from "@/lib/inference/errors";

/**
 * Sends a form to a route of this app's API.
 *
 * @param fields - what the form says; those that are undefined are left out
 * @throws `InklingError` with what the server said, or the signal's reason
 */
export async function postForm<Answer>(
  route: string,
  fields: Readonly<Record<string, Blob | string | number | boolean | undefined>>,
  signal: AbortSignal,
): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) body.set(name, value instanceof Blob ? value : String(value));
  }
  return (await fetchOwn(route, { method: "POST", body, signal })).json();
}

/** Whether no answer came at all: there is no network, or no server. */
export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof InklingError && thrown.cause instanceof UnreachableError;
}

class UnreachableError extends Error {}

/**
 * Asks the app's own server: a route of its API, or a file.
 *
 * @returns an answer that says it succeeded
 * @throws `InklingError` with what the server said, or the signal's reason
 */
export async function fetchOwn(route: string, init: RequestInit): Promise<Response> {
  const response = await fetch(route, init).catch((cause: unknown) => {
    init.signal?.throwIfAborted();
    throw new InklingError(
      "internal",
      "The server cannot be reached.",
      "Check your connection, or run on this device.",
      { cause: new UnreachableError(route, { cause }) },
    );
  });
  if (response.ok) return response;
  const problem: Partial<ErrorData> | null = await response.json().catch(() => null);
  if (problem?.code && problem.detail && problem.suggestion) throw InklingError.fromData(problem as ErrorData);
  throw new InklingError("internal", `The server answered with ${response.status}.`, "Try again in a moment.");
}
