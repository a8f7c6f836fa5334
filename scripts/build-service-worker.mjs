/** Bundles the service worker, with the list of what it keeps of the build, to `build/service-worker.js`. */
import { injectManifest } from "@serwist/build";
import { build } from "esbuild";

const BUNDLE = "build/service-worker.bundle.js";

/** @param {string} version of the app, which its pages say as well */
export async function buildServiceWorker(version) {
  await build({
    entryPoints: ["lib/browser/service-worker.ts"],
    outfile: BUNDLE,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define: { VERSION: JSON.stringify(version), "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  const { warnings } = await injectManifest({
    swSrc: BUNDLE,
    swDest: "build/service-worker.js",
    globDirectory: ".next/static",
    // Not ONNX Runtime's WebAssembly, which comes with the first model; nor fonts for scripts that the app has no text in: each page is
    // in Latin, and what is translated in Cyrillic.
    globPatterns: [
      "chunks/**/*.{js,css}",
      "media/*.mjs",
      "media/{newsreader,instrument_sans}_latin_*.woff2",
      "media/newsreader-latin-wght-italic.*.woff2",
      "media/{newsreader,instrument-sans}-latin-ext-*.woff2",
      "media/*-cyrillic-wght-*.woff2",
    ],
    modifyURLPrefix: { "": "/_next/static/" },
    // Next names these files by their content.
    dontCacheBustURLsMatching: /./,
    maximumFileSizeToCacheInBytes: 4e6,
  });
  for (const warning of warnings) console.warn(warning);
}
