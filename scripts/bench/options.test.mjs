import { describe, expect, it } from "vitest";
import { PARTS, parseOptions } from "./options.mjs";

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

  it.each([
    [["--runs", "0"], '--runs is "0": give a number'],
    [["--runs", "many"], '--runs is "many": give a number'],
    [["--only", "gpu"], "--only knows no gpu: choose from"],
    [["--fast"], "--fast"],
    [["--write", "--only", "encoder"], "--write takes every measurement"],
    [["--write", "--runs", "4"], "--write takes every measurement"],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
