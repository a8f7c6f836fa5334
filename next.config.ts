import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Each page says of which version of the app it is: the service worker keeps no other.
  env: { INKLING_VERSION: process.env.INKLING_VERSION ?? "" },
  // `npm test` checks the types; whoever only starts the app does not wait for that.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: process.cwd() },
  // Loaded by Node at run time: native binaries that a bundler cannot carry.
  serverExternalPackages: ["onnxruntime-node", "sharp", "pino", "prom-client"],
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          // Together they make the page cross-origin isolated, which WebAssembly threads need (SharedArrayBuffer).
          { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
          { key: "Cross-Origin-Embedder-Policy", value: "require-corp" },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
        ],
      },
    ];
  },
};

export default config;
