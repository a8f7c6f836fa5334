import { describe, expect, it } from "vitest";
import { formatMeasure, scientific } from "./scientific";

const spaced = (text: string) => text.replaceAll("\u00a0", " ");

describe("numbers of any size", () => {
  it("are written in powers of ten", () => {
    expect(spaced(scientific(3.14e-9))).toBe("3.1 × 10⁻⁹");
    expect(spaced(scientific(9.99e-7))).toBe("1.0 × 10⁻⁶");
    expect(spaced(scientific(-4.25e12, 3))).toBe("−4.25 × 10¹²");
    expect(scientific(0)).toBe("0");
  });

  it("are written as they are where that is short", () => {
    expect([0.0312, 12.345, 999.9, 1234.4, 0, 0.5].map((value) => formatMeasure(value))).toEqual([
      "0.0312",
      "12.3",
      "1000",
      "1234",
      "0",
      "0.500",
    ]);
    expect(spaced(formatMeasure(2.2831e-14))).toBe("2.28 × 10⁻¹⁴");
    expect(formatMeasure(Number.POSITIVE_INFINITY)).toBe("∞");
  });

  it("break no line", () => {
    expect(scientific(1e-5)).not.toContain(" ");
  });
});
