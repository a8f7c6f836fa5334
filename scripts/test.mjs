/**
 * `npm test`: every check of the repository, one after the other. The last line is `N passed, N failed`.
 * `npm test -- lint types` runs only the steps that are named.
 */
import { main, run, Stop } from "./command.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "./setup.mjs";
import { installSystemPrograms, preparePython } from "./system.mjs";
import { prepareServing, testServing } from "./test-remote.mjs";
import { counted, playwrightCounts, pytestCounts, vitestCounts } from "./test-report.mjs";

/** Of pytest-xdist. */
const PARALLEL = ["--numprocesses", "auto", "--dist", "worksteal"];

const node = (...args) => run(process.execPath, args);

/** A check that passes or fails as a whole. */
async function whole(start) {
  return (await start()) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const STEPS = {
  lint: {
    title: "Lint, format and import rules (Biome)",
    run: () => whole(() => node("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")),
  },
  types: {
    title: "Types (tsc)",
    run: () => whole(() => node("node_modules/typescript/bin/tsc", "--noEmit")),
  },
  unit: {
    title: "Unit tests (Vitest)",
    run: () =>
      counted("vitest.json", vitestCounts, (path) =>
        node("node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile=${path}`),
      ),
  },
  python: {
    title: "Python: lint (Ruff) and tests (pytest)",
    async run() {
      const python = await preparePython("training/requirements.txt");
      const lint = await whole(() => run(python, ["-m", "ruff", "check", "training", "scripts", "deploy"]));
      const tests = await counted("pytest.json", pytestCounts, (path) =>
        run(python, ["-m", "pytest", "training", "-q", ...PARALLEL, "--json-report", `--json-report-file=${path}`], {
          // A test for each core, not each core for a test: half again as fast.
          env: { OMP_NUM_THREADS: "1" },
        }),
      );
      return { passed: lint.passed + tests.passed, failed: lint.failed + tests.failed };
    },
  },
  supply: {
    title: "Licences, bill of materials and known vulnerabilities of the packages",
    async run() {
      await preparePython("training/requirements.txt");
      await prepareServing();
      const licences = await whole(() => node("scripts/licences.mjs"));
      const bill = await whole(() => run(process.execPath, ["scripts/sbom.mjs"], { quiet: true }));
      // Only told: whether a registry answers, and what it knows today, is not this checkout's doing.
      await node("scripts/audit.mjs");
      return { passed: licences.passed + bill.passed, failed: licences.failed + bill.failed };
    },
  },
  remote: {
    title: "The app, clients of its protocol and a model server (pytest)",
    run: () => counted("remote.json", pytestCounts, testServing),
  },
  e2e: {
    title: "The built app in a browser (Playwright)",
    async run() {
      await buildIfChanged();
      return counted("playwright.json", playwrightCounts, () => node("node_modules/@playwright/test/cli.js", "test"));
    },
  },
};

/** A step that cannot even start has failed; the others still run. */
async function attempt({ run: runStep }) {
  try {
    return await runStep();
  } catch (thrown) {
    console.error(thrown instanceof Stop ? thrown.message : thrown);
    return { passed: 0, failed: 1 };
  }
}

const USAGE = `npm test [-- STEP …]: runs these steps, or all of them.
${Object.entries(STEPS)
  .map(([name, { title }]) => `  ${name.padEnd(8)}${title}`)
  .join("\n")}`;

await main(async () => {
  const names = process.argv.slice(2);
  if (names.includes("--help")) return console.log(USAGE);
  const unknown = names.filter((name) => !Object.hasOwn(STEPS, name));
  if (unknown.length > 0) {
    throw new Stop(`There is no step ${unknown.join(", ")}: choose from ${Object.keys(STEPS).join(", ")}.`);
  }
  assertNodeVersion();
  await installPackages();
  if (names.length === 0) await installSystemPrograms();

  const total = { passed: 0, failed: 0 };
  for (const [name, step] of Object.entries(STEPS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n── ${step.title}`);
    const { passed, failed } = await attempt(step);
    console.log(`${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});
