import { expect, it } from "vitest";
import { formatBytes, formatDuration, formatProbability } from "./format";

it.each([
  [12_345, "12 kB"],
  [21_437_000, "21.4 MB"],
])("writes %i bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [4.123, "4.1 ms"],
  [52.4, "52 ms"],
  [1240, "1.24 s"],
])("writes %f milliseconds as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each([
  [0.623, "62 %"],
  [0.0004, "< 1 %"],
  [0.9999, "> 99 %"],
  [1, "100 %"],
])("writes the probability %f as %s", (probability, text) => {
  expect(formatProbability(probability)).toBe(text);
});
