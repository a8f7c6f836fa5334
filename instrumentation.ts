/** What Next runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  try {
    // The workers load their models while the server comes up, so that the first visitor does not wait for them.
    const { getPool } = await import("@/lib/server/pool");
    getPool();
  } catch (thrown) {
    // The environment is wrong: better no server than one that fails every request.
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exit(1);
  }
}
