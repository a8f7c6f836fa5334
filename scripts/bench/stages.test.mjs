import { describe, expect, it } from "vitest";
import { groupsOf } from "./stages.mjs";

describe("groupsOf", () => {
  it("fills the last group up from the beginning", () => {
    expect(groupsOf([1, 2, 3], 1)).toEqual([[1], [2], [3]]);
    expect(groupsOf([1, 2, 3], 2)).toEqual([
      [1, 2],
      [3, 1],
    ]);
    expect(groupsOf([1, 2, 3], 8)).toEqual([[1, 2, 3, 1, 2, 3, 1, 2]]);
  });
});
