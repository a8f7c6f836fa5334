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
  const block = (topic, content) =>
    `<!-- npm run bench, ${topic}: start -->\n\n${content}\n\n<!-- npm run bench, ${topic}: end -->\n`;
  const page = (one, other) => `# Before\n\n${block("one", one)}\nBetween\n\n${block("other", other)}\nAfter\n`;

  it("changes what is between a topic's markers alone", () => {
    expect(replaceTables(page("old", "kept"), "one", "new\n")).toBe(page("new", "kept"));
    expect(replaceTables(replaceTables(page("kept", "old"), "other", "| a |"), "other", "new")).toBe(
      page("kept", "new"),
    );
  });

  it("refuses a document without them", () => {
    expect(() => replaceTables("# Before", "one", "new")).toThrow("does not hold <!-- npm run bench, one: start -->");
  });
});
