import { type ErrorData, InklingError } from "@/lib/inference/errors";

/**
 * Sends a form to a route of this app's API.
 *
 * @param fields - what the form says; those that are undefined are left out
 * @throws `InklingError` with what the server said, or the signal's reason
 */
export async function postForm<Response>(
  route: string,
  fields: Readonly<Record<string, Blob | string | number | boolean | undefined>>,
  signal: AbortSignal,
): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) body.set(name, value instanceof Blob ? value : String(value));
  }
  const response = await fetch(route, { method: "POST", body, signal }).catch((cause: unknown) => {
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
