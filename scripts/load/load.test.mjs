import { describe, expect, it } from "vitest";
import { loadTargets } from "./load.mjs";
import { createRandom, summarise } from "./offer.mjs";
import { slope, soakTargets } from "./soak.mjs";
import { createTraffic, pickKind, SHARES, visitorAddress } from "./traffic.mjs";

const answer = (kind, status, milliseconds) => ({ kind, status, milliseconds });

describe("summarise", () => {
  it("counts what was answered, refused and broken, and times what was answered alone", () => {
    const answers = [
      { ...answer("caption", 200, 100), reranked: true },
      { ...answer("caption", 200, 100), reranked: false },
      answer("caption", 503, 1),
      answer("line", 200, 300),
      answer("line", 504, 9000),
      answer("line", 500, 5),
    ];
    expect(summarise(answers, 2)).toEqual({
      offered: 3,
      goodput: 1.5,
      refused: 1 / 6,
      late: 1 / 6,
      broken: 1 / 6,
      reranked: 0.5,
      all: { p50: 100, p95: expect.closeTo(280), count: 3 },
      kinds: { caption: { p50: 100, p95: 100, count: 2 }, line: { p50: 300, p95: 300, count: 1 } },
    });
    expect(summarise([answer("line", 503, 1)], 1)).toMatchObject({
      goodput: 0,
      reranked: undefined,
      all: undefined,
      kinds: { line: undefined },
    });
  });
});

describe("loadTargets", () => {
  const level = (times, goodput, p95) => ({ times, goodput, broken: 0, all: { p50: p95, p95 } });
  const result = (levels, memoryAfter = 110) => ({
    unloaded: level(0, 5, 100),
    closed: level(0, 10, 800),
    levels,
    again: level(0, 10, 800),
    memoryBefore: 100,
    memoryAfter,
    restarts: 0,
  });
  const met = (levels, memoryAfter) => loadTargets(result(levels, memoryAfter)).map((target) => target.met);

  it("are met at nine tenths of the peak, under thrice the time, and memory that comes back", () => {
    expect(met([level(1, 9, 150), level(2, 9, 299), level(5, 9, 400)])).toEqual([true, true, true, true, true]);
  });

  it("are missed just beyond that", () => {
    expect(met([level(1, 9, 150), level(2, 8.9, 300), level(5, 9, 400)], 111)).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    const broken = result([level(1, 9, 1), { ...level(2, 9, 1), broken: 0.01 }, level(5, 9, 1)]);
    expect(loadTargets({ ...broken, restarts: 1 }).map((target) => target.met)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("slope", () => {
  it("is that of the line through points", () => {
    expect(slope([0, 1, 2, 3].map((x) => [x, 5 - 2 * x]))).toBeCloseTo(-2);
    expect(slope([[1, 7]])).toBe(0);
  });
});

describe("soakTargets", () => {
  it("name growing memory and statuses that nobody expects", () => {
    const targets = soakTargets({
      statuses: { 200: 90, 422: 5, 500: 1, 0: 1 },
      memory: { bytesPerHour: 2 ** 20, growth: 0.06 },
      restarts: 0,
    });
    expect(targets.map(({ met }) => met)).toEqual([false, false, true]);
    expect(targets[1].measured).toBe("0, 500");
  });
});

describe("traffic", () => {
  it("has each kind as often as it should", () => {
    expect(Object.values(SHARES).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    const random = createRandom(1);
    const counts = {};
    for (let index = 0; index < 10_000; index += 1) {
      const kind = pickKind(random());
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    for (const [kind, share] of Object.entries(SHARES)) expect(counts[kind] / 10_000).toBeCloseTo(share, 1);
  });

  it("sends photos that no cache knows, from visitors of their own", () => {
    const traffic = createTraffic([{ bytes: Buffer.from([0xff, 0xd8, 1, 2, 3]) }], "0".repeat(64));
    const bodies = [1, 2].map((index) => traffic.caption(index).body);
    expect(bodies[0].equals(bodies[1])).toBe(false);
    expect(bodies[0].toString("latin1")).toContain(
      'name="image"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n',
    );
    expect(traffic["question, kept photo"](0).body.toString()).toContain("0".repeat(64));
    const addresses = Array.from({ length: 20_000 }, (_, index) => visitorAddress(index));
    expect(new Set(addresses).size).toBe(20_000);
    expect(addresses.every((address) => /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(address))).toBe(true);
  });
});
