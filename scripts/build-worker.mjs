/** Bundles the server's worker, which runs outside Next, to `build/server-worker.mjs`. */
import { build } from "esbuild";

export async function buildWorker() {
  await build({
    entryPoints: ["lib/server/worker.ts"],
    outfile: "build/server-worker.mjs",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Native binaries stay packages, which Node loads at run time.
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
}
