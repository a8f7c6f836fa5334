import { describe, expect, it } from "vitest";
import { attentionField, describeAttention, paintAttention } from "./attention-map";

const even = Array.from({ length: 49 }, () => 1 / 49);
const only = (region: number) => Array.from({ length: 49 }, (_, index) => (index === region ? 1 : 0));

describe("attentionField", () => {
  it("is strongest in the region that is attended to", () => {
    const size = 28;
    const field = attentionField(only(7 * 5 + 1), size);
    const strongest = field.indexOf(1);
    expect(Math.floor(((Math.floor(strongest / size) + 0.5) * 7) / size)).toBe(5);
    expect(Math.floor((((strongest % size) + 0.5) * 7) / size)).toBe(1);
  });

  it("is even for even attention, up to the border", () => {
    expect(Math.min(...attentionField(even, 28))).toBeCloseTo(1, 5);
  });

  it("is zero where there is no attention at all", () => {
    expect(Math.max(...attentionField(new Array(49).fill(0), 14))).toBe(0);
  });
});

describe("paintAttention", () => {
  const ink = [10, 20, 30] as const;
  const accent = [200, 100, 50] as const;

  it("lays ink over what is not attended to and the accent over what is", () => {
    const pixels = paintAttention([0, 1], 1, ink, accent);
    expect([...pixels.subarray(0, 3)]).toEqual([...ink]);
    expect([...pixels.subarray(4, 7)]).toEqual([...accent]);
    expect(pixels[3]).toBeGreaterThan(pixels[7] as number);
  });

  it("leaves the photo alone at opacity 0", () => {
    expect(Math.max(...paintAttention([0, 0.5, 1], 0, ink, accent))).toBe(0);
  });
});

describe("describeAttention", () => {
  it.each([
    [0, "the upper left"],
    [3, "the upper part"],
    [6, "the upper right"],
    [21, "the left side"],
    [24, "the middle"],
    [27, "the right side"],
    [48, "the lower right"],
  ])("names the place of region %i", (region, place) => {
    expect(describeAttention(only(region))).toBe(place);
  });

  it("says so when nothing stands out", () => {
    expect(describeAttention(even)).toBe("the whole photo");
  });
});
