import { expect, it } from "vitest";
import { MAX_TEXT_LENGTH } from "@/lib/language/options";
import { formatShared, MAX_QUERY_LENGTH, parseShared } from "./settings";

const SETTINGS = { text: 'Emma said, "No & yes?"\n', length: 120, temperature: 0.5, seed: 7 };

it("reads what it wrote", () => {
  const query = new URLSearchParams(formatShared(SETTINGS, "device"));
  expect(parseShared(Object.fromEntries(query))).toEqual({ ...SETTINGS, runOn: "device" });
});

it("passes over what cannot be used", () => {
  expect(parseShared({ text: ["a"], length: "-1", temperature: "3", seed: "1.5", runOn: "moon" })).toEqual({});
  expect(parseShared({ length: "", temperature: "warm", seed: "4294967296" })).toEqual({});
  expect(parseShared({ text: "", temperature: "0" })).toEqual({ text: "", temperature: 0 });
  expect(parseShared({ text: "a".repeat(MAX_TEXT_LENGTH + 1) }).text).toHaveLength(MAX_TEXT_LENGTH);
});

it("makes no link that would be cut off", () => {
  expect(formatShared({ ...SETTINGS, text: "“".repeat(MAX_TEXT_LENGTH) }, "auto")).toBeUndefined();
  expect(formatShared(SETTINGS, "auto")?.length).toBeLessThan(MAX_QUERY_LENGTH);
});
