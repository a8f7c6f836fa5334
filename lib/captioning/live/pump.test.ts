import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPump } from "./pump";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A camera that gives a frame each `interval`, and work that takes `takes` for each; for as long as `lasts`, all in ms. */
async function film({ interval, takes, rest = 0, lasts }: Record<string, number> & { rest?: number }) {
  const worked: { frame: number; start: number }[] = [];
  let newest = -1;
  let atOnce = 0;
  let most = 0;
  const fail = vi.fn();
  const pump = createPump(async () => {
    atOnce++;
    most = Math.max(most, atOnce);
    worked.push({ frame: newest, start: Date.now() });
    await new Promise((resolve) => setTimeout(resolve, takes));
    atOnce--;
    return rest;
  }, fail);
  const start = Date.now();
  while (Date.now() - start < (lasts as number)) {
    newest++;
    pump.offer();
    await vi.advanceTimersByTimeAsync(interval as number);
  }
  pump.stop();
  const before = worked.length;
  pump.offer();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(worked.length).toBe(before);
  expect(fail).not.toHaveBeenCalled();
  return { worked: worked.map((each) => ({ ...each, start: each.start - start })), most };
}

describe("a pump", () => {
  it("works on one frame at a time, the newest, without a pause while there are new ones", async () => {
    const { worked, most } = await film({ interval: 33, takes: 200, lasts: 990 });
    expect(most).toBe(1);
    expect(worked.map(({ start }) => start)).toEqual([0, 200, 400, 600, 800]);
    // The last that had come by then: nothing older is made up for.
    for (const { frame, start } of worked) expect(frame).toBe(Math.floor(start / 33));
  });

  it("waits for a frame where the camera is slower than the work", async () => {
    const { worked } = await film({ interval: 100, takes: 30, lasts: 500 });
    expect(worked.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4]);
  });

  it("rests as long as the work asks for", async () => {
    const { worked } = await film({ interval: 10, takes: 100, rest: 100, lasts: 590 });
    expect(worked.map(({ start }) => start)).toEqual([0, 200, 400]);
  });

  it("stops with the first failure, and says it once", async () => {
    const fail = vi.fn();
    const work = vi.fn(async () => {
      throw new Error("the worker died");
    });
    const pump = createPump(work, fail);
    for (let frame = 0; frame < 3; frame++) {
      pump.offer();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(work).toHaveBeenCalledTimes(1);
    expect(fail).toHaveBeenCalledExactlyOnceWith(new Error("the worker died"));
  });

  it("says nothing of work that fails after it was stopped", async () => {
    const fail = vi.fn();
    const pump = createPump(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error("the worker was ended");
    }, fail);
    pump.offer();
    pump.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(fail).not.toHaveBeenCalled();
  });
});
