import { describe, expect, it } from "vitest";
import { formatUptime } from "./format-uptime";

describe("formatUptime", () => {
  it.each([
    [0, "0 s"],
    [8_400, "8 s"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [3 * 86_400_000 + 4 * 3_600_000 + 59_000, "3 d 4 h"],
  ])("writes %i ms as %s", (milliseconds, text) => {
    expect(formatUptime(milliseconds)).toBe(text);
  });
});
