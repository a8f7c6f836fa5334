import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets";

function buckets(capacity: number, perSecond: number, maxClients = 10) {
  const clock = { ms: 0 };
  return { clock, limit: new TokenBuckets({ capacity, perSecond, maxClients, now: () => clock.ms }) };
}

describe("TokenBuckets", () => {
  it("allows a burst, then what flows in, and says how long to wait", () => {
    const { clock, limit } = buckets(2, 0.5);
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 2]);
    clock.ms = 1000;
    expect(limit.take("a")).toBe(1);
    clock.ms = 2000;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 2]);
    // However long it waits, it has no more than a bucket's worth.
    clock.ms = 3_600_000;
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 2]);
  });

  it("keeps clients apart", () => {
    const { limit } = buckets(1, 1);
    expect([limit.take("a"), limit.take("b"), limit.take("a")]).toEqual([0, 0, 1]);
  });

  it("keeps no more clients than it may", () => {
    const { limit } = buckets(1, 1, 3);
    for (let client = 0; client < 1000; client++) limit.take(String(client));
    expect(limit.clients).toBe(3);
    expect(limit.take("999")).toBeGreaterThan(0);
  });

  it("never allows more than capacity and inflow together, whenever requests come", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (waits, capacity) => {
        const { clock, limit } = buckets(capacity, 2);
        let allowed = 0;
        for (const wait of waits) {
          clock.ms += wait;
          if (limit.take("a") === 0) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(capacity + (clock.ms / 1000) * 2 + 1e-6);
      }),
    );
  });
});
