import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Scheduler, type SchedulerOptions } from "./scheduler";

/** A model that doubles numbers; each batch ends when the test says so. */
function open(options: Partial<SchedulerOptions<number, number>> = {}) {
  const batches: { items: readonly number[]; signal: AbortSignal; finish: () => void; fail: (e: Error) => void }[] = [];
  const scheduler = new Scheduler<number, number>({
    maxBatch: 3,
    maxDelayMs: 10,
    maxQueue: 5,
    concurrency: 1,
    runBatch: (items, signal) =>
      new Promise((resolve, reject) => {
        batches.push({ items, signal, finish: () => resolve(items.map((item) => item * 2)), fail: reject });
      }),
    ...options,
  });
  return { scheduler, batches };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Scheduler", () => {
  it("waits for others to join, but no longer than the delay", async () => {
    const { scheduler, batches } = open();
    const first = scheduler.submit(1);
    await vi.advanceTimersByTimeAsync(6);
    const second = scheduler.submit(2);
    await vi.advanceTimersByTimeAsync(3);
    expect(batches).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
    batches[0]?.finish();
    expect(await first).toMatchObject({ value: 2, batchSize: 2 });
    expect((await first).queueMs).toBeGreaterThanOrEqual(9);
    expect((await second).queueMs).toBeLessThan((await first).queueMs);
  });

  it("runs a full batch at once, and the next when there is room", async () => {
    const { scheduler, batches } = open();
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => scheduler.submit(item)));
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toHaveLength(1);
    batches[0]?.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(batches[1]?.items).toEqual([4, 5]);
    batches[1]?.finish();
    expect((await all).map(({ value }) => value)).toEqual([2, 4, 6, 8, 10]);
  });

  it("keeps as many batches under way as it may", () => {
    const { scheduler, batches } = open({ concurrency: 2, maxDelayMs: 0 });
    for (const item of [1, 2, 3]) void scheduler.submit(item);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
    expect(scheduler).toMatchObject({ running: 2, waiting: 1 });
  });

  it("refuses what does not fit into the queue", async () => {
    const { scheduler } = open({ maxDelayMs: 0, maxQueue: 2 });
    for (const item of [1, 2, 3]) void scheduler.submit(item);
    await expect(scheduler.submit(4)).rejects.toMatchObject({ code: "overloaded", status: 503 });
    expect(scheduler.waiting).toBe(2);
  });

  it("takes an item out of the queue when it is no longer wanted", async () => {
    const { scheduler, batches } = open();
    const controller = new AbortController();
    const left = scheduler.submit(1, controller.signal);
    const stays = scheduler.submit(2);
    controller.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(10);
    expect(batches[0]?.items).toEqual([2]);
    batches[0]?.finish();
    expect((await stays).value).toBe(4);
    await expect(scheduler.submit(3, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("stops a batch only when none of its items is wanted", async () => {
    const { scheduler, batches } = open();
    const controllers = [new AbortController(), new AbortController()];
    const results = Promise.allSettled(controllers.map(({ signal }, item) => scheduler.submit(item, signal)));
    await vi.advanceTimersByTimeAsync(10);
    controllers[0]?.abort();
    expect(batches[0]?.signal.aborted).toBe(false);
    controllers[1]?.abort();
    expect(batches[0]?.signal.aborted).toBe(true);
    expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  it("gives a failure to the batch alone, and goes on", async () => {
    const { scheduler, batches } = open({ maxDelayMs: 0 });
    const failing = scheduler.submit(1);
    const next = scheduler.submit(2);
    batches[0]?.fail(new Error("broken"));
    await expect(failing).rejects.toThrow("broken");
    batches[1]?.finish();
    expect((await next).value).toBe(4);
  });

  it("fails the item alone that makes a batch fail", async () => {
    const runBatch = async (items: readonly number[]) => {
      if (items.includes(13)) throw new Error("the worker died");
      return items.map((item) => item * 2);
    };
    const { scheduler } = open({ runBatch });
    const outcomes = await Promise.allSettled([12, 13, 14].map((item) => scheduler.submit(item)));
    expect(outcomes).toMatchObject([{ value: { value: 24 } }, { status: "rejected" }, { value: { value: 28 } }]);
    expect([scheduler.waiting, scheduler.running]).toEqual([0, 0]);
  });

  it("takes out an item of a batch that failed as well", async () => {
    const { scheduler, batches } = open({ maxDelayMs: 0, concurrency: 1, maxBatch: 2 });
    void scheduler.submit(0);
    const controller = new AbortController();
    const gone = scheduler.submit(1, controller.signal);
    const stays = scheduler.submit(2);
    batches[0]?.finish();
    await vi.advanceTimersByTimeAsync(0);
    batches[1]?.fail(new Error("the worker died"));
    await vi.advanceTimersByTimeAsync(0);
    expect(batches[2]?.items).toEqual([1]);
    controller.abort();
    await expect(gone).rejects.toMatchObject({ name: "AbortError" });
    expect(batches[2]?.signal.aborted).toBe(true);
    batches[2]?.fail(new Error("stopped"));
    await vi.advanceTimersByTimeAsync(0);
    batches[3]?.finish();
    expect((await stays).value).toBe(4);
  });

  it("does not take fewer results than items for an answer", async () => {
    const { scheduler } = open({ maxDelayMs: 0, runBatch: async () => [] });
    await expect(scheduler.submit(1)).rejects.toThrow("0 results for 1 items");
  });
});
