/** What Next runs once when the server starts, before the first request. Compiled for the edge as well, which has no Node. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { prepareRequests } = await import("@/lib/http/incoming");
  prepareRequests();
  const { startTracing } = await import("@/lib/http/tracing");
  await startTracing();
  await import("@/lib/server/start");
}
