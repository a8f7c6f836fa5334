import { expect, it } from "vitest";
import { createSpeechGate } from "./speech";

it("says one caption at a time, leaves a pause, and says none twice in a row", () => {
  const gate = createSpeechGate();
  expect(gate.ask("a dog runs", 0)).toBe(true);
  expect(gate.ask("a cat sits", 500)).toBe(false);
  gate.ended(1800);
  expect(gate.ask("a cat sits", 2000)).toBe(false);
  expect(gate.ask("a dog runs", 5000)).toBe(false);
  expect(gate.ask("a cat sits", 5000)).toBe(true);
  gate.ended(6000);
  expect(gate.ask("a dog runs", 9000)).toBe(true);
});

it("goes on where a voice does not say that it has ended", () => {
  const gate = createSpeechGate();
  expect(gate.ask("a dog runs", 0)).toBe(true);
  expect(gate.ask("a cat sits", 14_000)).toBe(false);
  expect(gate.ask("a cat sits", 15_000)).toBe(true);
});
