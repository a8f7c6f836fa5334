import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Admission, type AdmissionOptions } from "./admission";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(options: Partial<AdmissionOptions> = {}) {
  const admission = new Admission({ capacity: 3, maxWaiting: 100, maxWaitMs: 10_000, ...options });
  /** The clients whose requests were let in, in that order. */
  const started: string[] = [];
  /** Ends their work, in the same order. */
  const leaves: (() => void)[] = [];
  const enter = async (client: string, weight = 1, signal?: AbortSignal) => {
    leaves.push(await admission.enter(weight, client, signal));
    started.push(client);
  };
  const tell = (client: string, weight = 1) =>
    enter(client, weight).then(
      () => "done",
      ({ code }) => code,
    );
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { admission, started, leaves, enter, tell, settle };
}

describe("Admission", () => {
  it("lets in what there is room for, by weight", async () => {
    const { admission, started, enter, settle } = open();
    for (const client of ["a", "b", "c", "d", "e", "f", "g", "h"]) void enter(client, 0.5).catch(() => {});
    await settle();
    expect(started).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(admission).toMatchObject({ weight: 3, waiting: 0 });
  });

  it("refuses another client at once while as many are served as there is room for", async () => {
    const { admission, leaves, enter, tell } = open();
    for (const client of ["a", "b", "c"]) await enter(client);
    expect(await tell("d")).toBe("overloaded");
    leaves[0]?.();
    expect(await tell("d")).toBe("done");
    expect(admission.waiting).toBe(0);
  });

  it("keeps a little room for small requests", async () => {
    const { admission, enter, tell } = open();
    for (const client of ["a", "b", "c"]) await enter(client);
    expect([await tell("d", 0.3), await tell("e", 0.2), await tell("f", 0.2)]).toEqual([
      "overloaded",
      "done",
      "overloaded",
    ]);
    expect(() => admission.assertOpen("f")).not.toThrow();
    expect(await tell("f", 0.05)).toBe("done");
  });

  it("refuses whom it has no room for at all before it knows what is asked", async () => {
    const { admission, enter } = open();
    for (const client of ["a", "b", "c", "d"]) await enter(client, 0.9);
    expect(() => admission.assertOpen("e")).toThrow(expect.objectContaining({ code: "overloaded" }));
    expect(() => admission.assertOpen("a")).not.toThrow();
  });

  it("lets a client's further requests wait for its own", async () => {
    const { admission, started, leaves, enter, settle } = open();
    for (let request = 0; request < 10; request += 1) void enter("a");
    await settle();
    expect([started.length, admission.waiting]).toEqual([3, 7]);
    for (let request = 0; request < 10; request += 1) {
      leaves[request]?.();
      await settle();
    }
    expect(started).toHaveLength(10);
    expect(admission).toMatchObject({ weight: 0, waiting: 0 });
  });

  it("lets nobody wait for one client's five hundred requests", async () => {
    const { started, leaves, enter, settle } = open({ maxWaiting: 1000 });
    for (let request = 0; request < 500; request += 1) void enter("greedy", 0.2);
    await settle();
    const before = started.length;
    // At once, beside what runs; the second waits its turn, which comes after one request of the other.
    void enter("other");
    void enter("other", 0.2);
    await settle();
    expect(started.slice(before)).toEqual(["other"]);
    while (started.filter((client) => client === "other").length < 2) {
      leaves.shift()?.();
      await settle();
    }
    expect(started.slice(before).filter((client) => client === "greedy").length).toBeLessThanOrEqual(1);
  });

  it("refuses what does not fit into the waiting room, or would stay there too long", async () => {
    const { admission, leaves, enter, tell, settle } = open({ capacity: 1, maxWaiting: 3, maxWaitMs: 250 });
    for (let request = 0; request < 4; request += 1) void enter("a");
    expect(await tell("a")).toBe("overloaded");
    await vi.advanceTimersByTimeAsync(100);
    leaves[0]?.();
    await settle();
    expect(admission.waiting).toBe(2);
    // At 100 ms each, three may wait.
    void enter("a");
    expect(admission.waiting).toBe(3);
    await vi.advanceTimersByTimeAsync(400);
    leaves[1]?.();
    await settle();
    // They became slower, and so two are too many.
    expect(admission.waiting).toBe(2);
    expect(await tell("a")).toBe("overloaded");
  });

  it("goes by a guess until something has left", async () => {
    const admission = new Admission({ capacity: 1, maxWaiting: 200, maxWaitMs: 1000, guessMs: 300 });
    await admission.enter(1, "a");
    for (let waiting = 0; waiting < 4; waiting++) void admission.enter(1, "a");
    await expect(admission.enter(1, "a")).rejects.toMatchObject({ code: "overloaded" });
    expect(admission.waiting).toBe(4);
  });

  it("takes a request out when it is no longer wanted", async () => {
    const { admission, started, leaves, enter, settle } = open({ capacity: 1 });
    await enter("a");
    const controller = new AbortController();
    const left = enter("a", 1, controller.signal);
    void enter("a");
    controller.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    expect(admission.waiting).toBe(1);
    leaves[0]?.();
    // Twice is harmless.
    leaves[0]?.();
    await settle();
    expect(started).toHaveLength(2);
    await expect(enter("b", 1, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("waits by a clock that only goes forward", async () => {
    const { admission, leaves, enter, settle } = open({ capacity: 1, maxWaitMs: 250 });
    for (let request = 0; request < 3; request += 1) void enter("a");
    await vi.advanceTimersByTimeAsync(100);
    vi.setSystemTime(Date.now() + 86_400_000);
    leaves[0]?.();
    await settle();
    vi.setSystemTime(0);
    void enter("a");
    void enter("a");
    expect(admission.waiting).toBe(3);
  });

  it("keeps answers quick and the machine at work at twice what it holds", async () => {
    const { admission } = open();
    const serviceMs = 100;
    const durations: number[] = [];
    let refused = 0;
    /** Requests that share the machine evenly, with what each still needs of it. */
    const working = new Map<() => void, number>();
    let now = 0;
    async function visit(client: string) {
      const arrivedAt = now;
      const leave = await admission.enter(1, client).catch(() => undefined);
      if (!leave) {
        refused += 1;
        return;
      }
      await new Promise<void>((resolve) => working.set(resolve, serviceMs));
      leave();
      durations.push(now - arrivedAt);
    }
    // One visitor every 50 ms on average, at times that an exponential distribution gives.
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const simulatedMs = 40_000;
    let next = 0;
    for (; now < simulatedMs; now += 1) {
      while (next <= now) {
        void visit(`visitor at ${next}`);
        next += -50 * Math.log(1 - random());
      }
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      const share = 1 / working.size;
      for (const [end, needed] of working) {
        working.set(end, needed - share);
        if (needed - share > 0) continue;
        working.delete(end);
        end();
      }
    }
    const sorted = durations.toSorted((a, b) => a - b);
    expect(refused).toBeGreaterThan(durations.length / 2);
    expect((durations.length * serviceMs) / simulatedMs).toBeGreaterThan(0.9);
    expect((sorted[Math.floor(0.95 * sorted.length)] as number) / serviceMs).toBeLessThan(3.1);
  });
});
