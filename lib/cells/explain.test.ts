import { describe, expect, it } from "vitest";
import { CELL_KINDS, sigmoid } from "./cell";
import { explainSums } from "./explain";
import { initialize, Network } from "./network";

describe.each(CELL_KINDS)("the sums of %s", (cell) => {
  const config = { cell, inputSize: 1, hiddenSize: 3, outputSize: 1, layers: 2, bidirectional: true };
  const network = new Network(config, 4, 1);
  initialize(network.parameters, config, { seed: 5, span: 8 });
  network.inputs.forEach((input, time) => {
    input.set([time - 1.5]);
  });
  network.forward();

  it("give the values of the gates, in both layers and directions", () => {
    const [forward, backward, above] = network.layers as [
      (typeof network.layers)[0],
      (typeof network.layers)[0],
      (typeof network.layers)[0],
    ];
    const inputs = [network.inputs[2] as Float64Array, network.inputs[2] as Float64Array];
    const below = Float64Array.of(...forward.stepAt(2).state, ...backward.stepAt(2).state);
    for (const [layer, input] of [
      [forward, inputs[0]],
      [backward, inputs[1]],
      [above, below],
    ] as const) {
      const { values } = layer.stepAt(2);
      for (let unit = 0; unit < 3; unit += 1) {
        const sums = explainSums(layer, network.parameters, input as Float64Array, 2, unit);
        const total = (name: string) => sums.find((each) => each.name === name)?.total as number;
        for (const { name, total: sum } of sums) {
          const activated = {
            a: sum,
            g: Math.tanh(sum),
            n: Math.tanh(sum + sigmoid(total("r")) * total("u")),
            u: sum,
          };
          const expected = name in activated ? activated[name as keyof typeof activated] : sigmoid(sum);
          expect(values[name]?.[unit], name).toBeCloseTo(expected, 12);
        }
      }
    }
  });
});
