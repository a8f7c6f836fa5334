/**
 * One layer of cells in one direction: forward through time, and backward through time (Werbos, "Backpropagation through time",
 * Proceedings of the IEEE 78, 1990). All arrays are made once; a step allocates nothing.
 */
import type { Block, Cell, Step, StepGradients, Vectors } from "./cell";
import { addOuterProduct, addProduct, addProductBack, addRows, setRows } from "./matrix";
import type { Parameter, ParameterShape, Parameters } from "./parameters";

export interface LayerConfig {
  readonly cell: Cell;
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Whether it goes from the last step to the first. */
  readonly reverse: boolean;
  /** What its parameters' names begin with. */
  readonly name: string;
}

/** Names and shapes of what a layer learns: W [hidden, input], U [hidden, hidden] and b [hidden] of each block, and peepholes p. */
export function layerShapes({ cell, inputSize, hiddenSize, name }: LayerConfig): ParameterShape[] {
  return [
    ...cell.blocks.flatMap((block): ParameterShape[] => [
      ...(block.input ? [{ name: `${name}: W_${block.name}`, shape: [hiddenSize, inputSize] } as const] : []),
      ...(block.state ? [{ name: `${name}: U_${block.name}`, shape: [hiddenSize, hiddenSize] } as const] : []),
      { name: `${name}: b_${block.name}`, shape: [hiddenSize, 1] },
    ]),
    ...cell.peepholes.map((peephole): ParameterShape => ({ name: `${name}: p_${peephole}`, shape: [hiddenSize, 1] })),
  ];
}

interface BlockWeights extends Block {
  readonly W?: Parameter;
  readonly U?: Parameter;
  readonly b: Parameter;
}

interface Place {
  /** Which step of the sequence it is, whatever the direction. */
  readonly time: number;
  readonly step: Step;
}

export class Layer {
  readonly config: LayerConfig;
  readonly #rows: number;
  readonly #inputs: readonly Float64Array[];
  readonly #blocks: readonly BlockWeights[];
  readonly #peepholes: Vectors<string>;
  readonly #peepholeGradients: Vectors<string>;
  /** In the order in which they are computed. */
  readonly #places: readonly Place[];
  readonly #gradients: StepGradients;
  /** Σ over the batch of ‖∂L/∂(h_t, c_t)‖², by step of the sequence, as `backward` left it. */
  readonly squaredStateGradients: Float64Array;

  /**
   * @param parameters - of the whole network, in which `layerShapes` are
   * @param inputs - [rows × input size] of each step; read by `forward`
   */
  constructor(config: LayerConfig, parameters: Parameters, inputs: readonly Float64Array[], rows: number) {
    const { cell, hiddenSize, name, reverse } = config;
    this.config = config;
    this.#rows = rows;
    this.#inputs = inputs;
    this.#blocks = cell.blocks.map((block) => ({
      ...block,
      W: block.input ? parameters.get(`${name}: W_${block.name}`) : undefined,
      U: block.state ? parameters.get(`${name}: U_${block.name}`) : undefined,
      b: parameters.get(`${name}: b_${block.name}`),
    }));
    const peepholes = cell.peepholes.map((each) => [each, parameters.get(`${name}: p_${each}`)] as const);
    this.#peepholes = Object.fromEntries(peepholes.map(([each, { values }]) => [each, values]));
    this.#peepholeGradients = Object.fromEntries(peepholes.map(([each, { gradient }]) => [each, gradient]));

    const zeros = () => new Float64Array(rows * hiddenSize);
    const ofBlocks = () => Object.fromEntries(cell.blocks.map((block) => [block.name, zeros()]));
    let previousState = zeros();
    let previousMemory = zeros();
    this.#places = inputs.map((_, index): Place => {
      const state = zeros();
      const memory = zeros();
      const step = { hiddenSize, values: ofBlocks(), previousState, state, previousMemory, memory };
      previousState = state;
      previousMemory = memory;
      return { time: reverse ? inputs.length - 1 - index : index, step };
    });
    this.#gradients = {
      state: zeros(),
      memory: zeros(),
      sums: ofBlocks(),
      previousState: zeros(),
      previousMemory: zeros(),
    };
    this.squaredStateGradients = new Float64Array(inputs.length);
  }

  /** What the cell did at a step of the sequence. */
  stepAt(time: number): Step {
    const place = this.#places[this.config.reverse ? this.#places.length - 1 - time : time];
    if (!place) throw new RangeError(`There is no step ${time}.`);
    return place.step;
  }

  /** Computes all steps from the inputs. */
  forward(): void {
    const { cell, inputSize, hiddenSize } = this.config;
    for (const { time, step } of this.#places) {
      const input = this.#inputs[time] as Float64Array;
      for (const { name, W, U, b } of this.#blocks) {
        const sum = step.values[name] as Float64Array;
        setRows(sum, b.values);
        if (W) addProduct(W.values, input, sum, inputSize, hiddenSize);
        if (U) addProduct(U.values, step.previousState, sum, hiddenSize, hiddenSize);
      }
      cell.activate(step, this.#peepholes);
    }
  }

  /**
   * Takes gradients back through all steps of the last `forward`, and adds to those of the parameters.
   *
   * @param outputGradients - ∂L/∂h_t of each step, in rows of `stride` numbers of which this layer's begin at `offset`
   * @param inputGradients - to which ∂L/∂x_t [rows × input size] is added
   */
  backward(
    outputGradients: readonly Float64Array[],
    stride: number,
    offset: number,
    inputGradients: readonly Float64Array[],
  ): void {
    const { cell, inputSize, hiddenSize } = this.config;
    const { state, memory, sums, previousState, previousMemory } = this.#gradients;
    previousState.fill(0);
    previousMemory.fill(0);
    for (let index = this.#places.length - 1; index >= 0; index -= 1) {
      const { time, step } = this.#places[index] as Place;
      const output = outputGradients[time] as Float64Array;
      // What the step after left as that of its previous state is now that of this step's state.
      memory.set(previousMemory);
      let squares = 0;
      for (let k = 0; k < state.length; k += 1) {
        const unit = k % hiddenSize;
        const dh =
          (previousState[k] as number) + (output[((k - unit) / hiddenSize) * stride + offset + unit] as number);
        const dc = memory[k] as number;
        state[k] = dh;
        squares += dh * dh + dc * dc;
      }
      this.squaredStateGradients[time] = squares;

      cell.differentiate(step, this.#gradients, this.#peepholes, this.#peepholeGradients);
      const input = this.#inputs[time] as Float64Array;
      for (const { name, W, U, b } of this.#blocks) {
        const sum = sums[name] as Float64Array;
        addRows(sum, b.gradient);
        if (W) {
          addOuterProduct(sum, input, W.gradient, inputSize, hiddenSize);
          addProductBack(W.values, sum, inputGradients[time] as Float64Array, inputSize, hiddenSize);
        }
        if (U) {
          addOuterProduct(sum, step.previousState, U.gradient, hiddenSize, hiddenSize);
          addProductBack(U.values, sum, previousState, hiddenSize, hiddenSize);
        }
      }
    }
  }

  /** Copies h_t of every step into rows of `stride` numbers, from `offset` on. */
  copyStates(outputs: readonly Float64Array[], stride: number, offset: number): void {
    const { hiddenSize } = this.config;
    for (const { time, step } of this.#places) {
      const output = outputs[time] as Float64Array;
      for (let row = 0; row < this.#rows; row += 1) {
        for (let unit = 0; unit < hiddenSize; unit += 1) {
          output[row * stride + offset + unit] = step.state[row * hiddenSize + unit] as number;
        }
      }
    }
  }
}
