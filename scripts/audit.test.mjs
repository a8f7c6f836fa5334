import { describe, expect, it } from "vitest";
import { summarise } from "./audit.mjs";

const report = (vulnerabilities) => JSON.stringify({ metadata: { vulnerabilities } });

describe("summarise", () => {
  it("counts by severity, the worst first", () => {
    const counts = { info: 0, low: 3, moderate: 0, high: 2, critical: 1, total: 6 };
    expect(summarise(report(counts))).toContain("1 critical, 2 high, 3 low");
    expect(summarise(report({ low: 0, high: 0, critical: 0, total: 0 }))).toMatch(/^No known vulnerability/);
  });

  it("says that nothing was audited where no registry answers", () => {
    const refused = JSON.stringify({ message: "405 Method Not Allowed", error: { summary: "" } });
    for (const output of ["", "npm error", refused]) expect(summarise(output)).toMatch(/^Not audited/);
  });
});
