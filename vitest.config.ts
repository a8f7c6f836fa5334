import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{app,lib,scripts}/**/*.test.{ts,tsx,mjs}"],
    // Once for all tests: what two of them build at the same time, a third could read half-written.
    globalSetup: ["lib/server/fixtures/build-worker.ts"],
    env: { LOG_LEVEL: "silent" },
    pool: "forks",
    // Two by default: inference tests have threads of their own.
    maxWorkers: 2,
    testTimeout: 20_000,
    // Hooks start servers, workers and linters, and a machine may be busy.
    hookTimeout: 60_000,
  },
});
