import type { NextConfig } from "next";
import { API_POLICY, FILE_POLICY } from "./lib/http/content-security-policy";

const OPENTELEMETRY = ["api", "core", "exporter-trace-otlp-http", "resources", "sdk-trace-base"].map(
  (name) => `@opentelemetry/${name}`,
);

const config: NextConfig = {
  poweredByHeader: false,
  // Each page says of which version of the app it is: the service worker keeps no other.
  env: { INKLING_VERSION: process.env.INKLING_VERSION ?? "" },
  // `npm test` checks the types; whoever only starts the app does not wait for that.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: process.cwd() },
  // Loaded by Node at run time: native binaries that a bundler cannot carry, and what is loaded only where it is asked for.
  serverExternalPackages: ["onnxruntime-node", "sharp", "pino", "prom-client", ...OPENTELEMETRY],
  // The only pictures that are made smaller for a page: nobody can have the server fetch or convert another. At 60 nothing is seen to be
  // missing, and they come a sixth sooner than at 75.
  images: { localPatterns: [{ pathname: "/samples/*", search: "" }], remotePatterns: [], qualities: [60] },
  // Title and description stand in each page's head: they take no time that could be saved by sending them later.
  htmlLimitedBots: /./,
  experimental: {
    // Next keeps the body of a request that goes through `proxy.ts`, up to here; pages take none.
    proxyClientMaxBodySize: 1024,
  },
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
          {
            key: "Permissions-Policy",
            value: "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
          },
          // Pages have their own, from `proxy.ts`.
          { key: "Content-Security-Policy", value: FILE_POLICY },
        ],
      },
      // A route of the API says itself what other sites may embed.
      {
        source: "/((?!api/).*)",
        headers: [{ key: "Cross-Origin-Resource-Policy", value: "same-origin" }],
      },
      ...["/api/:path*", "/v2/:path*"].map((source) => ({
        source,
        headers: [{ key: "Content-Security-Policy", value: API_POLICY }],
      })),
    ];
  },
};

export default config;
