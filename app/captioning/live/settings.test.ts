import { expect, it } from "vitest";
import { parseLiveSettings } from "./settings";

it("comes back from what it was stored as, and from nonsense as it is at first", () => {
  const defaults = { quick: false, steady: true, shimmer: false, spoken: false, largeType: false };
  const chosen = { quick: true, steady: false, shimmer: true, spoken: true, largeType: true };
  expect(parseLiveSettings(JSON.stringify(chosen))).toEqual(chosen);
  expect(parseLiveSettings('{"largeType":true,"steady":"no"}')).toEqual({ ...defaults, largeType: true });
  for (const nonsense of [null, "", "null", "7", "{"]) expect(parseLiveSettings(nonsense)).toEqual(defaults);
});
