import { describe, expect, it } from "vitest";
import { outcome, playwrightCounts, pytestCounts, vitestCounts } from "./test-report.mjs";

describe("counts", () => {
  it("come from Vitest's report, with files that could not be loaded", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ];
    expect(vitestCounts({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({ passed: 1, failed: 2 });
  });

  it("come from pytest's report, with errors outside the tests", () => {
    expect(pytestCounts({ summary: { passed: 4, failed: 1, error: 2, total: 7 } })).toEqual({ passed: 4, failed: 3 });
    expect(pytestCounts({ summary: { total: 0 } })).toEqual({ passed: 0, failed: 0 });
  });

  it("come from Playwright's report, with flaky tests and errors outside the tests", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
    expect(playwrightCounts({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3 });
  });
});

describe("outcome", () => {
  it("is what the report says", () => {
    expect(outcome(0, { passed: 3, failed: 0 })).toEqual({ passed: 3, failed: 0 });
    expect(outcome(1, { passed: 3, failed: 2 })).toEqual({ passed: 3, failed: 2 });
  });

  it("takes a crash, a missing report and an empty run for a failure", () => {
    expect(outcome(1, { passed: 3, failed: 0 })).toEqual({ passed: 3, failed: 1 });
    expect(outcome(0)).toEqual({ passed: 0, failed: 1 });
    expect(outcome(0, { passed: 0, failed: 0 })).toEqual({ passed: 0, failed: 1 });
  });
});
