import { describe, expect, it } from "vitest";
import { PARTS, parseOptions, wholeTopics } from "./options.mjs";

describe("parseOptions", () => {
  it("measures everything five times where nothing is said", () => {
    expect(parseOptions([])).toEqual({ runs: 5, parts: PARTS, checkpoint: undefined, write: false, help: undefined });
  });

  it("takes parts in its own order", () => {
    expect(parseOptions(["--only", "browser,encoder", "--runs=2"])).toMatchObject({
      parts: ["encoder", "browser"],
      runs: 2,
    });
    expect(parseOptions(["--help"]).help).toContain("--checkpoint PT");
  });

  it("publishes one topic by itself", () => {
    expect(parseOptions(["--write", "--only", "questions"])).toMatchObject({ write: true, parts: ["questions"] });
    expect(parseOptions(["--write", "--only", "handwriting"])).toMatchObject({ write: true, parts: ["handwriting"] });
    expect(wholeTopics(["questions", "encoder"])).toEqual(["questions"]);
    expect(wholeTopics(PARTS)).toEqual(["captioning", "questions", "handwriting", "live"]);
  });

  it.each([
    [["--runs", "0"], '--runs is "0": give a number'],
    [["--runs", "many"], '--runs is "many": give a number'],
    [["--only", "gpu"], "--only knows no gpu: choose from"],
    [["--fast"], "--fast"],
    [["--write", "--only", "encoder"], "--write takes whole topics"],
    [["--write", "--only", "questions,encoder"], "--write takes whole topics"],
    [["--write", "--runs", "4"], "--write takes whole topics"],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
