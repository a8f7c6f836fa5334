import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Takes minutes, whatever runs beside it: begun last, it would be what all wait for. */
const SLOWEST = /gpu-parity\.test\.ts$/;

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlowest), ...sorted.filter((file) => !isSlowest(file))];
  }
}

function isSlowest({ moduleId }: TestSpecification): boolean {
  return SLOWEST.test(moduleId);
}

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{app,lib,scripts}/**/*.test.{ts,tsx,mjs}"],
    // Once for all tests: what two of them build at the same time, a third could read half-written.
    globalSetup: ["lib/server/fixtures/build-worker.ts"],
    env: { LOG_LEVEL: "silent" },
    sequence: { sequencer: SlowestFirst },
    pool: "forks",
    // Two by default: inference tests have threads of their own.
    maxWorkers: 2,
    testTimeout: 20_000,
    // Hooks start servers, workers and linters, and a machine may be busy.
    hookTimeout: 60_000,
  },
});
