import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/system.mjs";

const port = Number(process.env.E2E_PORT ?? 3210);
const baseURL = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }]],
  use: {
    baseURL,
    // A fifth of each test's time: `npx playwright test --trace retain-on-failure` has it.
    trace: "off",
    // What it keeps would be kept anew in each test: `offline.spec.ts` has it.
    serviceWorkers: "block",
    launchOptions: {
      executablePath: findChromium(),
      args: [
        // Chromium refuses its sandbox to root, which is what containers run as.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-dev-shm-usage",
      ],
    },
  },
  webServer: {
    // The server itself, not npm: stopping npm would leave it alive.
    command: `node scripts/serve.mjs --port ${port}`,
    env: { NODE_ENV: "production" },
    url: `${baseURL}/api/health/live`,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
  },
});
