import { describe, expect, it, vi } from "vitest";
import { CELL_KINDS } from "./cell";
import { CELLS } from "./cells";
import { checkGradient, TOLERANCE } from "./gradient-check";
import type { NetworkConfig } from "./network";

const ARRANGEMENTS = [
  { layers: 1, bidirectional: false },
  { layers: 2, bidirectional: false },
  { layers: 2, bidirectional: true },
] as const;

const configOf = (cell: NetworkConfig["cell"], arrangement: (typeof ARRANGEMENTS)[number]): NetworkConfig => ({
  cell,
  inputSize: 2,
  hiddenSize: 3,
  outputSize: 1,
  ...arrangement,
});

describe.each(CELL_KINDS)("the gradient of %s", (kind) => {
  it.each(ARRANGEMENTS)(
    "is that of finite differences, $layers layers, bidirectional $bidirectional",
    (arrangement) => {
      const { parameters, difference, passed } = checkGradient(configOf(kind, arrangement), 1);
      expect(difference).toBeLessThan(TOLERANCE);
      expect(passed).toBe(true);
      expect(parameters.map(({ name }) => name)).toContain("readout: V");
    },
  );

  it("is found wrong where one block's is wrong by a thousandth", () => {
    const cell = CELLS[kind];
    const right = cell.differentiate.bind(cell);
    const name = cell.blocks.at(-1)?.name as string;
    const spy = vi.spyOn(cell, "differentiate").mockImplementation((step, gradients, ...rest) => {
      right(step, gradients, ...rest);
      const sum = gradients.sums[name] as Float64Array;
      for (let k = 0; k < sum.length; k += 1) sum[k] = (sum[k] as number) * 1.001;
    });
    try {
      expect(checkGradient(configOf(kind, ARRANGEMENTS[0]), 1).passed).toBe(false);
    } finally {
      spy.mockRestore();
    }
  });
});
