import { expect, it } from "vitest";
import { DEFAULT_BEAM_WIDTH, MAX_TEXT_LENGTH } from "@/lib/translation/options";
import { formatShared, parseShared } from "./settings";

it.each([
  { text: "Where's “Tom” & co?", beamWidth: 8 },
  { text: "I am here.", beamWidth: DEFAULT_BEAM_WIDTH },
])("reads what it wrote: %j", (asked) => {
  const query = Object.fromEntries(new URLSearchParams(formatShared(asked, "device")));
  expect({ beamWidth: DEFAULT_BEAM_WIDTH, ...JSON.parse(JSON.stringify(parseShared(query))) }).toEqual({
    ...asked,
    runOn: "device",
  });
});

it("passes over what cannot be used", () => {
  expect(parseShared({ text: " ", beamWidth: "0", runOn: "moon" })).toEqual({});
  expect(parseShared({ text: ["a", "b"], beamWidth: "2.5" })).toEqual({});
  expect(parseShared({ text: `a\nb${"c".repeat(300)}` }).text).toBe(`a b${"c".repeat(MAX_TEXT_LENGTH - 3)}`);
});
