import { describe, expect, it } from "vitest";
import { readTimeLimits } from "./time-limits.mjs";

describe("readTimeLimits", () => {
  it("takes what is set, and else the defaults", () => {
    expect(readTimeLimits({ UPLOAD_TIMEOUT_MS: "500", HEADERS_TIMEOUT_MS: "" })).toEqual({
      HEADERS_TIMEOUT_MS: 10_000,
      UPLOAD_TIMEOUT_MS: 500,
      DRAIN_TIMEOUT_MS: 25_000,
    });
  });

  it.each(["0", "-1", "ten", "1.5", "3600001"])("names the variable that is %s", (value) => {
    expect(() => readTimeLimits({ DRAIN_TIMEOUT_MS: value })).toThrow(`DRAIN_TIMEOUT_MS is "${value}"`);
  });
});
