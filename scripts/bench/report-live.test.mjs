import { describe, expect, it } from "vitest";
import { reportTopics } from "./report.mjs";

const rate = (encoder, threads, captionsPerSecond, longTasks) => ({
  encoder,
  threads,
  captionsPerSecond,
  ...{ total: 180, decode: 4, encode: 120, generate: 56 },
  longTasks,
});

const RESULT = {
  runs: 5,
  photos: 12,
  machine: [["Processor", "two cores"]],
  live: {
    rates: [rate("vision", 2, 2.31, 0), rate("live", 1, 3.94, 0), rate("live", 2, 5.51, 1)],
    memory: { startBytes: 100 * 2 ** 20, bytesAMinute: 0.26 * 2 ** 20, longTasks: 2 },
    version: "156",
  },
};

/** A table's row as its cells. */
function row(text, start) {
  const line = text.split("\n").find((each) => each.startsWith(`| ${start}`));
  return line
    ?.split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("the report of live captions", () => {
  const { captioning, live } = reportTopics(RESULT);

  it("stands by itself, with a row for each encoder and number of threads", () => {
    expect(captioning).toBeUndefined();
    expect(row(live, "small   |       2")).toEqual(["small", "2", "5.5", "180", "4.00", "120", "56.0", "1"]);
    expect(row(live, "large")?.slice(0, 3)).toEqual(["large", "2", "2.3"]);
    expect(row(live, "more in a minute")?.slice(1)).toEqual(["0.3"]);
  });

  it("says which targets were met", () => {
    expect(row(live, "Four captions a second with two threads, large")?.slice(1)).toEqual(["2.3", "no"]);
    expect(row(live, "Four captions a second with two threads, small")?.slice(1)).toEqual(["5.5", "yes"]);
    expect(row(live, "No task")?.slice(1)).toEqual(["3", "no"]);
    expect(row(live, "Memory is flat")?.slice(1)).toEqual(["0.3", "yes"]);
  });
});
