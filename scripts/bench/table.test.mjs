import { describe, expect, it } from "vitest";
import { milliseconds, percent, ratio, replaceTables, table } from "./table.mjs";

describe("table", () => {
  it("lines its columns up", () => {
    expect(
      table(
        ["batch", "ms"],
        [
          [1, "40.2"],
          [16, "8"],
        ],
      ),
    ).toBe(["| batch |   ms |", "| ----- | ---: |", "| 1     | 40.2 |", "| 16    |    8 |"].join("\n"));
  });
});

describe("numbers", () => {
  it("have as many digits as mean something", () => {
    expect([0.4567, 4.1284, 52.34, 412.6, 1240].map(milliseconds)).toEqual(["0.46", "4.13", "52.3", "413", "1,240"]);
    expect([2.345, 12.34].map(ratio)).toEqual(["2.35×", "12.3×"]);
    expect(percent(0.614)).toBe("61 %");
  });
});

describe("replaceTables", () => {
  const page = (content) =>
    `# Before\n\n<!-- npm run bench: start -->\n\n${content}\n\n<!-- npm run bench: end -->\n\nAfter\n`;

  it("changes what is between the markers alone", () => {
    expect(replaceTables(page("old"), "new\n")).toBe(page("new"));
    expect(replaceTables(replaceTables(page("old"), "| a |"), "new")).toBe(page("new"));
  });

  it("refuses a document without them", () => {
    expect(() => replaceTables("# Before", "new")).toThrow("does not hold <!-- npm run bench: start -->");
  });
});
