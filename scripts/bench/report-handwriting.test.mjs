import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TOPICS } from "./options.mjs";
import { reportTopics } from "./report.mjs";
import { replaceTables } from "./table.mjs";

const HANDWRITING = {
  texts: 8,
  modelBytes: 3_911_792,
  writer: [
    { lines: 1, threads: 1, pointsPerSecond: 5_000 },
    { lines: 1, threads: 2, pointsPerSecond: 6_120 },
    { lines: 32, threads: 2, pointsPerSecond: 19_999 },
  ],
  throughput: [
    { clients: 1, pointsPerSecond: 4_000, meanLines: 1 },
    { clients: 32, pointsPerSecond: 18_000, meanLines: 30.24 },
  ],
  firstInk: { p50: 12, p95: 30 },
  onDevice: { pointsPerSecond: 3_600, firstInk: { p50: 20, p95: 160 }, threads: 2, version: "156" },
  eager: {
    torch: "2.11.0",
    python: "3.11",
    rows: [
      { lines: 1, threads: 1, pointsPerSecond: [900, 1_000, 1_100] },
      { lines: 1, threads: 2, pointsPerSecond: [1_250] },
      { lines: 32, threads: 2, pointsPerSecond: [10_000] },
    ],
  },
};

const RESULT = { runs: 5, photos: 12, machine: [["Processor", "two cores"]], handwriting: HANDWRITING };

/** A table's row as its cells. */
function row(text, start) {
  const line = text.split("\n").find((each) => each.startsWith(`| ${start}`));
  return line
    ?.split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("the report of handwriting", () => {
  const { captioning, handwriting } = reportTopics(RESULT);

  it("stands by itself", () => {
    expect(captioning).toBeUndefined();
    expect(handwriting).toContain("Medians of 5 runs over lines of 8 texts.");
  });

  it("compares with PyTorch's row for the same lines and threads", () => {
    expect(row(handwriting, "1             | ")).toEqual(["1", "1", "5,000", "1,000", "5.00×"]);
    expect(row(handwriting, "32            | ")).toEqual(["32", "2", "19,999", "10,000", "2.00×"]);
  });

  it("says what the server and the device do", () => {
    expect(row(handwriting, "32      | ")).toEqual(["32", "18,000", "4.50×", "30.2"]);
    expect(row(handwriting, "Points/s")).toEqual(["Points/s", "3,600"]);
    expect(row(handwriting, "server")).toEqual(["server", "12.0", "30.0"]);
    expect(row(handwriting, "device")).toEqual(["device (WebAssembly, Chromium 156)", "20.0", "160"]);
  });

  it("says which targets were met", () => {
    expect(row(handwriting, "One line in Node")?.slice(1)).toEqual(["6,120", "yes"]);
    expect(row(handwriting, "One line in WebAssembly")?.slice(1)).toEqual(["3,600", "yes"]);
    expect(row(handwriting, "32 lines at once on")?.slice(1)).toEqual(["19,999", "no"]);
    expect(row(handwriting, "First ink on the server")?.slice(1)).toEqual(["30.0", "yes"]);
    expect(row(handwriting, "First ink on the device")?.slice(1)).toEqual(["160", "no"]);
    expect(row(handwriting, "One line: five times")?.slice(1)).toEqual(["4.90×", "no"]);
    expect(row(handwriting, "The model has")?.slice(1)).toEqual(["3.74 MiB", "yes"]);
  });
});

describe("docs/performance.md", () => {
  const document = readFileSync("docs/performance.md", "utf8");

  it.each(Object.keys(TOPICS))("has a place for %s", (topic) => {
    expect(replaceTables(document, topic, "| new |")).toContain("| new |");
  });
});
