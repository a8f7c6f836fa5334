import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineSignal } from "./deadline";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("deadlineSignal", () => {
  it("gives the deadline as its reason once the time has passed", () => {
    const { signal } = deadlineSignal(1500);
    vi.advanceTimersByTime(1499);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ code: "deadline_exceeded", detail: "This took longer than 1.5 s." });
  });

  it("does not heed the machine's date", () => {
    const { signal } = deadlineSignal(1500);
    vi.setSystemTime(Date.now() + 86_400_000);
    vi.advanceTimersByTime(1499);
    expect(signal.aborted).toBe(false);
    vi.setSystemTime(0);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it("follows the caller's signal, now and later", () => {
    const controller = new AbortController();
    const { signal } = deadlineSignal(1000, controller.signal);
    controller.abort("gone");
    expect(signal.reason).toBe("gone");
    expect(deadlineSignal(1000, controller.signal).signal.reason).toBe("gone");
  });

  it("leaves nothing behind when it is released", () => {
    const controller = new AbortController();
    const { signal, release } = deadlineSignal(1000, controller.signal);
    release();
    expect(vi.getTimerCount()).toBe(0);
    controller.abort();
    expect(signal.aborted).toBe(false);
  });
});
