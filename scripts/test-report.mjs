/** Reads how many tests passed and failed from the JSON reports of the runners. */
import { mkdir, readFile, rm } from "node:fs/promises";

const FOLDER = "test-results";

/** @typedef {{ passed: number, failed: number }} Counts */

/** @returns {Counts} from Vitest's `--reporter=json` */
export function vitestCounts(report) {
  // A file that cannot be loaded fails without a test in it.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

/** @returns {Counts} from pytest-json-report */
export function pytestCounts({ summary }) {
  return { passed: summary.passed ?? 0, failed: (summary.failed ?? 0) + (summary.error ?? 0) };
}

/** @returns {Counts} from Playwright's JSON reporter; a test that passed only when it was tried again has failed */
export function playwrightCounts({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/**
 * What a runner's end counts for. One that stopped without a failing test, or without a report, has crashed: that is a
 * failure as well.
 *
 * @param {number} status the runner's exit status
 * @param {Counts | undefined} counts from its report, where it left one
 * @returns {Counts}
 */
export function outcome(status, counts = { passed: 0, failed: 0 }) {
  const nothingRan = counts.passed + counts.failed === 0;
  if (counts.failed === 0 && (status !== 0 || nothingRan)) return { ...counts, failed: 1 };
  return counts;
}

/**
 * Runs a test runner, and counts from the report that it leaves.
 *
 * @param {string} report its file's name
 * @param {(report: object) => Counts} count
 * @param {(path: string) => Promise<number>} start leaves the report at `path` and gives the runner's exit status
 * @returns {Promise<Counts>}
 */
export async function counted(report, count, start) {
  const path = `${FOLDER}/${report}`;
  await mkdir(FOLDER, { recursive: true });
  await rm(path, { force: true });
  const status = await start(path);
  const counts = await readFile(path, "utf8").then(
    (text) => count(JSON.parse(text)),
    () => undefined,
  );
  return outcome(status, counts);
}
