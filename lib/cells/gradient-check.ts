/** Whether `backward` computes what it says: each of its numbers against a central difference of the loss. */
import { squaredError } from "./loss";
import { initialize, Network, type NetworkConfig } from "./network";
import { createRandom } from "./random";

export interface CheckedParameter {
  readonly name: string;
  /** How many numbers it has. */
  readonly count: number;
  /** The greatest |analytic − numeric| / max(|analytic|, |numeric|, 10⁻³) of them. */
  readonly difference: number;
}

export interface GradientCheck {
  readonly parameters: readonly CheckedParameter[];
  /** The greatest of all. */
  readonly difference: number;
  readonly passed: boolean;
}

/** Half the width of the difference: that at which rounding and curvature are about as large in float64. */
const EPSILON = 1e-5;
/** A wrong line of `differentiate` differs by far more, rounding by far less. */
export const TOLERANCE = 1e-6;
/** Slopes smaller than this count as this: rounding alone would be a large part of them. */
const SMALLEST = 1e-3;

/**
 * Compares the gradient of a random network's squared error on random sequences with (L(θ + ε) − L(θ − ε)) / 2ε, for every
 * single parameter.
 *
 * @param steps - of the sequences
 * @param rows - how many sequences
 */
export function checkGradient(config: NetworkConfig, seed: number, steps = 6, rows = 2): GradientCheck {
  const network = new Network(config, steps, rows);
  initialize(network.parameters, config, { seed });
  const random = createRandom(seed + 1);
  for (const input of network.inputs) input.set(input.map(() => 2 * random() - 1));
  const targets = network.outputs.map((output) => output.map(() => 2 * random() - 1));
  const loss = () => {
    network.forward();
    return network.outputs.reduce(
      (sum, output, time) =>
        sum + squaredError(output, targets[time] as Float64Array, network.outputGradients[time] as Float64Array, 1),
      0,
    );
  };

  loss();
  network.backward();
  const parameters = network.parameters.all.map(({ name, values, gradient }): CheckedParameter => {
    let difference = 0;
    values.forEach((value, k) => {
      values[k] = value + EPSILON;
      const above = loss();
      values[k] = value - EPSILON;
      const below = loss();
      values[k] = value;
      const numeric = (above - below) / (2 * EPSILON);
      const analytic = gradient[k] as number;
      const size = Math.max(Math.abs(analytic), Math.abs(numeric), SMALLEST);
      difference = Math.max(difference, Math.abs(analytic - numeric) / size);
    });
    return { name, count: values.length, difference };
  });
  const difference = Math.max(...parameters.map((each) => each.difference));
  return { parameters, difference, passed: difference < TOLERANCE };
}
