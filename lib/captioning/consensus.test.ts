import { describe, expect, it } from "vitest";
import { agreement } from "./consensus";

const SAMPLES = [
  [3, 4, 5, 1],
  [3, 6, 4, 5, 1],
  [4, 4, 4],
];

/** Of four photos with the captions 3 4 5, 3 4, 3 6 and 7; phrases of one photo are left out. */
const FREQUENCIES = {
  documents: 4,
  phrases: new Map([
    ["1", 4],
    ["3", 3],
    ["4", 2],
    ["3 4", 2],
  ]),
};

describe("agreement", () => {
  it("is the mean CIDEr-D, as training computes it", () => {
    const candidates = [[3, 4, 5, 1], [3, 4, 1], [7, 7, 1], [3]];
    // CiderD([[[3,4,5,1]], [[3,4,1]], [[3,6,1]], [[7,1]]]).agreement(candidates, SAMPLES) of training/metrics/cider.py
    const expected = [5.19525357424636, 1.5652564031463614, 0, 0.2256528791747657];
    agreement(candidates, SAMPLES, FREQUENCIES).forEach((score, index) => {
      expect(score).toBeCloseTo(expected[index] as number, 9);
    });
  });

  it("is 10 with oneself, and 0 where no phrase tells photos apart", () => {
    const [same] = agreement([[3, 4, 5, 6, 1]], [[3, 4, 5, 6, 1]], FREQUENCIES);
    expect(same).toBeCloseTo(10, 9);
    const everywhere = { documents: 1, phrases: new Map() };
    expect(agreement([[3, 4, 5, 6, 1]], [[3, 4, 5, 6, 1]], everywhere)).toEqual([0]);
  });
});
