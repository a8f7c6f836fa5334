/** What Next runs once when the server starts, before the first request. Compiled for the edge as well, which has no Node. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") await import("@/lib/server/start");
}
