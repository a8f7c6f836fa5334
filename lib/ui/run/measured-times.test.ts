import { describe, expect, it } from "vitest";
import { addTime, fasterPlace, parseTimes, typicalTime } from "./measured-times";

describe("measured times", () => {
  it("takes the server until the device has been measured and is faster", () => {
    expect(fasterPlace(parseTimes(null))).toBe("server");
    expect(fasterPlace({ server: [80], device: [] })).toBe("server");
    expect(fasterPlace({ server: [80], device: [200] })).toBe("server");
    expect(fasterPlace({ server: [300, 310, 290], device: [200] })).toBe("device");
  });

  it("goes by the median of the latest five", () => {
    let measured = parseTimes(null);
    for (const time of [9000, 100, 110, 120, 130, 140]) measured = addTime(measured, "server", time);
    expect(measured.server).toEqual([100, 110, 120, 130, 140]);
    expect(typicalTime(measured, "server")).toBe(120);
    expect(typicalTime({ server: [10, 20], device: [] }, "server")).toBe(15);
  });

  it("comes back from what it was stored as, and from nonsense as nothing measured", () => {
    const measured = { server: [52.1], device: [210] };
    expect(parseTimes(JSON.stringify(measured))).toEqual(measured);
    for (const nonsense of ["", "null", "[1]", '{"server":"fast","device":[null,-1]}', "{"]) {
      expect(parseTimes(nonsense)).toEqual({ server: [], device: [] });
    }
  });
});
