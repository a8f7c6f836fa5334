/** Imported once, when the server starts: the workers load their models before the first visitor waits for them. */
try {
  const { getOwnPool, getPool } = await import("./pool");
  getPool();
  getOwnPool();
} catch (thrown) {
  // The environment is wrong: better no server than one that fails every request.
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exit(1);
}
