/** Against PyTorch's values, which `python -m training.cells` writes. */
import { describe, expect, it } from "vitest";
import type { CellKind } from "./cell";
import reference from "./fixtures/pytorch.json";
import { binaryCrossEntropy, type Loss, softmaxCrossEntropy, squaredError } from "./loss";
import { Network } from "./network";
import { clipByNorm, createOptimizer, type OptimizerName } from "./optimizer";

const { steps, rows, inputSize, hiddenSize } = reference;

/** @param tolerance - far above the rounding of the fixture, far below what one wrong sign would make */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string, tolerance = 1e-8): void {
  expect(actual.length, what).toBe(expected.length);
  const difference = expected.reduce((most, each, k) => Math.max(most, Math.abs(each - (actual[k] as number))), 0);
  expect(difference, what).toBeLessThan(tolerance);
}

describe.each(reference.networks)("$kind, $arrangement", (network) => {
  const width = hiddenSize * (network.bidirectional ? 2 : 1);
  // The readout hands the states through, so that outputs and their gradients are those of the states.
  const config = {
    cell: network.kind as CellKind,
    inputSize,
    hiddenSize,
    outputSize: width,
    layers: network.layers,
    bidirectional: network.bidirectional,
  };
  const own = new Network(config, steps, rows);
  const given = Object.entries(network.parameters) as [string, number[]][];
  for (const [name, values] of given) own.parameters.get(name).values.set(values);
  for (let k = 0; k < width; k += 1) own.parameters.get("readout: V").values[k * width + k] = 1;
  const at = (numbers: readonly number[], time: number, size: number) => numbers.slice(time * size, (time + 1) * size);
  own.inputs.forEach((input, time) => {
    input.set(at(network.inputs, time, rows * inputSize));
  });
  own.forward();
  own.outputGradients.forEach((gradient, time) => {
    gradient.set(at(network.coefficients, time, rows * width));
  });
  own.backward();

  it("has the same parameters", () => {
    const names = own.parameters.all.map(({ name }) => name).filter((name) => !name.startsWith("readout"));
    expect(names.sort()).toEqual(given.map(([name]) => name).sort());
  });

  it("has the same states", () => {
    own.outputs.forEach((output, time) => {
      expectClose(output, at(network.states, time, rows * width), `step ${time + 1}`);
    });
  });

  it("has the same gradients", () => {
    for (const [name, gradient] of Object.entries(network.gradients) as [string, number[]][]) {
      expectClose(own.parameters.get(name).gradient, gradient, name);
    }
    own.inputGradients.forEach((gradient, time) => {
      expectClose(gradient, at(network.inputGradients, time, rows * inputSize), `input ${time + 1}`);
    });
  });
});

const LOSSES: Readonly<Record<string, Loss>> = { softmaxCrossEntropy, binaryCrossEntropy, squaredError };

it.each(reference.losses)("$name", ({ name, outputs, targets, loss, gradient }) => {
  const own = new Float64Array(outputs.length);
  const lossOf = LOSSES[name] as Loss;
  expect(lossOf(Float64Array.from(outputs), Float64Array.from(targets), own, 1)).toBeCloseTo(loss, 8);
  expectClose(own, gradient, name);
  lossOf(Float64Array.from(outputs), Float64Array.from(targets), own, 0.5);
  expectClose(
    own,
    gradient.map((each) => each / 2),
    `half of ${name}`,
  );
});

it("keeps losses finite where exponentials overflow", () => {
  const gradient = new Float64Array(2);
  expect(binaryCrossEntropy(Float64Array.of(1000), Float64Array.of(0), gradient, 1)).toBe(1000);
  expect(softmaxCrossEntropy(Float64Array.of(1000, -1000), Float64Array.of(1), gradient, 1)).toBe(2000);
  expect([...gradient]).toEqual([1, -1]);
});

it.each(reference.descents)("three clipped steps of $name", ({ name, start, norms, values }) => {
  const own = Float64Array.from(start);
  const optimizer = createOptimizer(name as OptimizerName, own.length);
  const before = norms.map(() => {
    const gradient = own.map((value) => 3 * value * value);
    const length = clipByNorm(gradient, 1);
    optimizer.step(own, gradient, 0.1);
    return length;
  });
  // PyTorch divides by the norm + 10⁻⁶, the paper by the norm.
  expectClose(before, norms, "norms", 1e-5);
  expectClose(own, values, "values", 1e-5);
});
