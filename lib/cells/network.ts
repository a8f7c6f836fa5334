/**
 * Layers of cells one above the other, in one or both directions (Schuster and Paliwal, "Bidirectional recurrent neural networks",
 * IEEE Transactions on Signal Processing 45, 1997), and a linear readout of each step.
 */
import type { CellKind } from "./cell";
import { CELLS } from "./cells";
import { Layer, type LayerConfig, layerShapes } from "./layer";
import { addOuterProduct, addProduct, addProductBack, addRows, setRows } from "./matrix";
import { Parameters } from "./parameters";
import { createRandom } from "./random";

export interface NetworkConfig {
  readonly cell: CellKind;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly outputSize: number;
  /** How many stand one above the other. */
  readonly layers: number;
  readonly bidirectional: boolean;
}

const DIRECTIONS = ["forward", "backward"] as const;

/** The layers of a network in the order of their parameters: from below, forward before backward. */
export function layerConfigs({ cell, inputSize, hiddenSize, layers, bidirectional }: NetworkConfig): LayerConfig[] {
  const directions = bidirectional ? DIRECTIONS : DIRECTIONS.slice(0, 1);
  return Array.from({ length: layers }, (_, index) =>
    directions.map((direction) => ({
      cell: CELLS[cell],
      inputSize: index === 0 ? inputSize : hiddenSize * directions.length,
      hiddenSize,
      reverse: direction === "backward",
      name: `layer ${index + 1}, ${direction}`,
    })),
  ).flat();
}

/** The readout's weights are V [outputs, states] and d [outputs]. */
export function createParameters(config: NetworkConfig): Parameters {
  const states = config.hiddenSize * (config.bidirectional ? 2 : 1);
  return new Parameters([
    ...layerConfigs(config).flatMap(layerShapes),
    { name: "readout: V", shape: [config.outputSize, states] },
    { name: "readout: d", shape: [config.outputSize, 1] },
  ]);
}

/** How a network begins. */
export interface Start {
  /** 0 to 2³² − 1. */
  readonly seed: number;
  /** What the recurrent weights are multiplied by; their spectral radius is about gain/√3, by the circular law. */
  readonly gain?: number;
  /** Over how many steps it should be able to remember, at least 2. */
  readonly span?: number;
}

/**
 * Draws new parameters as PyTorch does, uniformly between ±1/√hidden. Then the biases of gates that keep are raised by
 * log(u), u uniform between 1 and span − 1, a number for each unit, and those of gates that write are lowered by as much, so
 * that units remember over up to `span` steps (Tallec and Ollivier, "Can recurrent neural networks warp time?", ICLR 2018, eq. 16).
 */
export function initialize(parameters: Parameters, config: NetworkConfig, { seed, gain = 1, span = 2 }: Start): void {
  const random = createRandom(seed);
  const bound = 1 / Math.sqrt(config.hiddenSize);
  for (const { values } of parameters.all) {
    for (let k = 0; k < values.length; k += 1) values[k] = bound * (2 * random() - 1);
  }
  for (const { cell, name } of layerConfigs(config)) {
    for (const { name: block, state } of cell.blocks) {
      if (!state) continue;
      const { values } = parameters.get(`${name}: U_${block}`);
      for (let k = 0; k < values.length; k += 1) values[k] = (values[k] as number) * gain;
    }
    const kept = Array.from({ length: config.hiddenSize }, () => Math.log(1 + random() * (span - 2)));
    for (const [block, sign] of Object.entries(cell.keeping) as [string, 1 | -1][]) {
      const { values } = parameters.get(`${name}: b_${block}`);
      kept.forEach((shift, unit) => {
        values[unit] = (values[unit] as number) + sign * shift;
      });
    }
  }
}

function zeros(steps: number, size: number): Float64Array[] {
  return Array.from({ length: steps }, () => new Float64Array(size));
}

/**
 * @example
 * const config = { cell: "lstm", inputSize: 1, hiddenSize: 3, outputSize: 1, layers: 1, bidirectional: false } as const;
 * const network = new Network(config, 4, 1);
 * initialize(network.parameters, config, { seed: 7 });
 * network.inputs.forEach((input, time) => input.set([time % 2]));
 * network.forward();
 * network.outputs[3]; // Float64Array(1), the readout after four steps
 */
export class Network {
  readonly config: NetworkConfig;
  readonly parameters: Parameters;
  /** [rows × input size] of each step, to be filled before `forward`. */
  readonly inputs: readonly Float64Array[];
  /** ∂L/∂x_t as `backward` left it. */
  readonly inputGradients: readonly Float64Array[];
  /** [rows × output size] of each step: V h_t + d. */
  readonly outputs: readonly Float64Array[];
  /** ∂L/∂ of `outputs`, to be filled before `backward`. */
  readonly outputGradients: readonly Float64Array[];
  /** From below, forward before backward. */
  readonly layers: readonly Layer[];
  readonly #directions: number;
  /** h_t of each layer, both directions side by side: [rows × hidden size × directions] of each step. */
  readonly #states: readonly (readonly Float64Array[])[];
  readonly #stateGradients: readonly (readonly Float64Array[])[];

  /**
   * @param steps - of the sequences, all as long
   * @param rows - how many sequences go through together
   */
  constructor(config: NetworkConfig, steps: number, rows: number) {
    const { inputSize, hiddenSize, outputSize } = config;
    this.config = config;
    this.parameters = createParameters(config);
    this.#directions = config.bidirectional ? 2 : 1;
    this.inputs = zeros(steps, rows * inputSize);
    this.inputGradients = zeros(steps, rows * inputSize);
    this.outputs = zeros(steps, rows * outputSize);
    this.outputGradients = zeros(steps, rows * outputSize);
    const statesOf = () => zeros(steps, rows * hiddenSize * this.#directions);
    this.#states = Array.from({ length: config.layers }, statesOf);
    this.#stateGradients = Array.from({ length: config.layers }, statesOf);
    this.layers = layerConfigs(config).map(
      (layer, index) => new Layer(layer, this.parameters, this.#below(index, this.#states, this.inputs), rows),
    );
  }

  /** What the layer of an index reads: the states below it, or the input. */
  #below(index: number, states: readonly (readonly Float64Array[])[], input: readonly Float64Array[]) {
    return states[Math.floor(index / this.#directions) - 1] ?? input;
  }

  /** Computes all states, and the readout of each step. */
  forward(): void {
    const { hiddenSize, outputSize } = this.config;
    const width = hiddenSize * this.#directions;
    this.layers.forEach((layer, index) => {
      layer.forward();
      const states = this.#states[Math.floor(index / this.#directions)] as readonly Float64Array[];
      layer.copyStates(states, width, (index % this.#directions) * hiddenSize);
    });
    const V = this.parameters.get("readout: V");
    const d = this.parameters.get("readout: d");
    const top = this.#states.at(-1) as readonly Float64Array[];
    this.outputs.forEach((output, time) => {
      setRows(output, d.values);
      addProduct(V.values, top[time] as Float64Array, output, width, outputSize);
    });
  }

  /** Sets the gradients of parameters and inputs from `outputGradients`, for the last `forward`. */
  backward(): void {
    const { hiddenSize, outputSize } = this.config;
    const width = hiddenSize * this.#directions;
    this.parameters.gradient.fill(0);
    for (const gradient of this.inputGradients) gradient.fill(0);
    for (const gradients of this.#stateGradients) for (const gradient of gradients) gradient.fill(0);

    const V = this.parameters.get("readout: V");
    const d = this.parameters.get("readout: d");
    const top = this.#states.at(-1) as readonly Float64Array[];
    const topGradients = this.#stateGradients.at(-1) as readonly Float64Array[];
    this.outputGradients.forEach((gradient, time) => {
      addRows(gradient, d.gradient);
      addOuterProduct(gradient, top[time] as Float64Array, V.gradient, width, outputSize);
      addProductBack(V.values, gradient, topGradients[time] as Float64Array, width, outputSize);
    });
    for (let index = this.layers.length - 1; index >= 0; index -= 1) {
      const own = this.#stateGradients[Math.floor(index / this.#directions)] as readonly Float64Array[];
      const below = this.#below(index, this.#stateGradients, this.inputGradients);
      (this.layers[index] as Layer).backward(own, width, (index % this.#directions) * hiddenSize, below);
    }
  }
}
