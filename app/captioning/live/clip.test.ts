import { expect, it } from "vitest";
import { wrap } from "./clip";

it("breaks a caption into lines that fit", () => {
  const measure = (line: string) => line.length;
  expect(wrap("a dog runs through the grass", 12, measure)).toEqual(["a dog runs", "through the", "grass"]);
  expect(wrap("a dog", 40, measure)).toEqual(["a dog"]);
  expect(wrap("an incomprehensibility", 8, measure)).toEqual(["an", "incomprehensibility"]);
});
