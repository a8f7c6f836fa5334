import { describe, expect, it } from "vitest";
import { createPace } from "./pace";

/** What the pace says after the last of these frames. */
function restAfter(frames: readonly number[]) {
  const rest = createPace();
  return frames.map((milliseconds) => rest(milliseconds)).at(-1);
}

const frames = (count: number, milliseconds: number) => Array.from({ length: count }, () => milliseconds);

describe("a pace", () => {
  it("does not rest while the device is as fast as it was", () => {
    expect(restAfter(frames(200, 180))).toEqual({ milliseconds: 0 });
    expect(restAfter([...frames(20, 180), 900, 180, 700])).toEqual({ milliseconds: 0 });
    expect(restAfter(frames(3, 4000))).toEqual({ milliseconds: 0 });
  });

  it("rests as long as it works where the device has become slow, until it has recovered", () => {
    const slow = [...frames(20, 180), ...frames(10, 320)];
    expect(restAfter(slow)).toEqual({ milliseconds: 320, reason: "heat" });
    expect(restAfter([...slow, ...frames(10, 240)])).toEqual({ milliseconds: 240, reason: "heat" });
    expect(restAfter([...slow, ...frames(10, 200)])).toEqual({ milliseconds: 0 });
  });

  it("takes for normal in the end what stays", () => {
    expect(restAfter([...frames(20, 180), ...frames(1000, 320)])).toEqual({ milliseconds: 0 });
  });

  it("spares a battery that is low and not charged", () => {
    const rest = createPace();
    expect(rest(200, { level: 0.5, charging: false })).toEqual({ milliseconds: 0 });
    expect(rest(200, { level: 0.2, charging: false })).toEqual({ milliseconds: 200, reason: "battery" });
    expect(rest(200, { level: 0.1, charging: false })).toEqual({ milliseconds: 600, reason: "battery" });
    expect(rest(2000, { level: 0.1, charging: false })).toEqual({ milliseconds: 3000, reason: "battery" });
    expect(rest(200, { level: 0.1, charging: true })).toEqual({ milliseconds: 0 });
  });
});
