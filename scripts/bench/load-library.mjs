/** Bundles `library.ts` as the server's worker is bundled, so that the bench runs the same code. */
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const OUTFILE = "build/bench-library.mjs";

/** @returns {Promise<typeof import("./library")>} */
export async function loadLibrary() {
  await build({
    entryPoints: ["scripts/bench/library.ts"],
    outfile: OUTFILE,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return await import(pathToFileURL(OUTFILE).href);
}
