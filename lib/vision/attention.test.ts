import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundWeights } from "./attention";

describe("roundWeights", () => {
  it("keeps every weight within a millionth, and the sum at 1", () => {
    const energies = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 49, maxLength: 49 });
    fc.assert(
      fc.property(energies, (values) => {
        const exponentials = values.map(Math.exp);
        const total = exponentials.reduce((sum, each) => sum + each, 0);
        const weights = Float32Array.from(exponentials, (each) => each / total);
        const rounded = roundWeights(weights);
        expect(rounded.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        rounded.forEach((each, region) => {
          expect(Math.abs(each - (weights[region] as number))).toBeLessThan(3e-5);
          expect(each).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });
});
