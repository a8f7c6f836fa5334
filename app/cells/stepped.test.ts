import { expect, it } from "vitest";
import { WEIGHTS } from "./examples";
import { ARRANGEMENTS } from "./settings";
import { readoutParts, runSequence } from "./stepped";

it.each(ARRANGEMENTS)("shows of the readout what adds up to its output, arranged as %s", (arrangement) => {
  const network = runSequence({ cell: "lstm", arrangement, weightSeed: undefined }, [1, 0, 1], WEIGHTS);
  const { states, bias } = readoutParts(network, 1);
  expect(states).toHaveLength(arrangement === "both" ? 2 : 1);
  expect(states.reduce((sum, each) => sum + each, bias)).toBeCloseTo(network.outputs[1]?.[0] ?? Number.NaN, 10);
});
