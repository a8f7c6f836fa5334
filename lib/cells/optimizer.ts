/** Gradient descent over one vector of parameters, and clipping. */

export const OPTIMIZERS = ["adam", "sgd"] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

export interface Optimizer {
  /** Moves `values` against `gradient`. */
  step(values: Float64Array, gradient: Float64Array, learningRate: number): void;
}

/** Plain stochastic gradient descent: θ ← θ − η g. */
class Sgd implements Optimizer {
  step(values: Float64Array, gradient: Float64Array, learningRate: number): void {
    for (let k = 0; k < values.length; k += 1) {
      values[k] = (values[k] as number) - learningRate * (gradient[k] as number);
    }
  }
}

/** Adam (Kingma and Ba, ICLR 2015, algorithm 1), with the paper's β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸. */
class Adam implements Optimizer {
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  constructor(size: number) {
    this.#mean = new Float64Array(size);
    this.#square = new Float64Array(size);
  }

  step(values: Float64Array, gradient: Float64Array, learningRate: number): void {
    this.#steps += 1;
    const meanShare = 1 - 0.9 ** this.#steps;
    const squareShare = 1 - 0.999 ** this.#steps;
    for (let k = 0; k < values.length; k += 1) {
      const slope = gradient[k] as number;
      const mean = 0.9 * (this.#mean[k] as number) + 0.1 * slope;
      const square = 0.999 * (this.#square[k] as number) + 0.001 * slope * slope;
      this.#mean[k] = mean;
      this.#square[k] = square;
      values[k] =
        (values[k] as number) - (learningRate * (mean / meanShare)) / (Math.sqrt(square / squareShare) + 1e-8);
    }
  }
}

/** @param size - how many parameters there are */
export function createOptimizer(name: OptimizerName, size: number): Optimizer {
  return name === "adam" ? new Adam(size) : new Sgd();
}

/** ‖v‖, the Euclidean norm. */
export function norm(vector: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < vector.length; k += 1) squares += (vector[k] as number) * (vector[k] as number);
  return Math.sqrt(squares);
}

/**
 * Shortens a gradient to a greatest norm (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
 * ICML 2013, algorithm 1): where ‖g‖ > threshold, g ← threshold · g / ‖g‖.
 *
 * @returns the norm before
 */
export function clipByNorm(gradient: Float64Array, threshold: number): number {
  const length = norm(gradient);
  if (length > threshold) {
    const scale = threshold / length;
    for (let k = 0; k < gradient.length; k += 1) gradient[k] = (gradient[k] as number) * scale;
  }
  return length;
}
