/**
 * What the five recurrent cells of this folder have in common. A cell is written without automatic differentiation: one function
 * computes a step, and another takes the gradients back through the same step, line by line.
 *
 * Every cell starts from sums `s = W x_t + U h_{t−1} + b`, one for each of its blocks, which `layer.ts` computes; the cell says
 * what becomes of them, unit by unit. Signs are those of the papers: `x` input, `h` state, `c` memory, `⊙` product unit by unit.
 */

export const CELL_KINDS = ["rnn", "lstm", "gru", "peephole", "coupled"] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** A sum with weights of its own. */
export interface Block<Name extends string = string> {
  readonly name: Name;
  /** Whether `W x_t` is part of it. */
  readonly input: boolean;
  /** Whether `U h_{t−1}` is part of it. */
  readonly state: boolean;
}

/** One step of all sequences of a batch. Every array is [rows × hidden size]. */
export interface Step<Name extends string = string> {
  readonly hiddenSize: number;
  /** Of each block: its sum when `activate` is called, and what the cell makes of it afterwards. */
  readonly values: Readonly<Record<Name, Float64Array>>;
  /** h_{t−1} */
  readonly previousState: Float64Array;
  /** h_t */
  readonly state: Float64Array;
  /** c_{t−1}; of no meaning to a cell without a memory. */
  readonly previousMemory: Float64Array;
  /** c_t */
  readonly memory: Float64Array;
}

/** Gradients of the loss with respect to the arrays of a step, of the same shapes. */
export interface StepGradients<Name extends string = string> {
  /** Given: ∂L/∂h_t, from the output and from the step after. */
  readonly state: Float64Array;
  /** Given: ∂L/∂c_t from the step after. */
  readonly memory: Float64Array;
  /** Wanted: ∂L/∂s of each block's sum. */
  readonly sums: Readonly<Record<Name, Float64Array>>;
  /** Wanted: the part of ∂L/∂h_{t−1} that does not pass through the sums. */
  readonly previousState: Float64Array;
  /** Wanted: ∂L/∂c_{t−1}. */
  readonly previousMemory: Float64Array;
}

export type Vectors<Name extends string> = Readonly<Record<Name, Float64Array>>;

/**
 * @typeParam Name - of the blocks
 * @typeParam Peephole - of the vectors [hidden size] that multiply the memory unit by unit
 */
export interface Cell<Name extends string = string, Peephole extends string = string> {
  readonly kind: CellKind;
  readonly blocks: readonly Block<Name>[];
  readonly peepholes: readonly Peephole[];
  /** Whether it has a memory c beside its state h. */
  readonly hasMemory: boolean;
  /**
   * Blocks whose biases make a new cell keep what it has over the length of a sequence: those that keep (1) and those that write
   * (−1). See `initialize`.
   */
  readonly keeping: Readonly<Partial<Record<Name, 1 | -1>>>;
  /** From the sums to the values, the memory and the state. */
  activate(step: Step<Name>, peepholes: Vectors<Peephole>): void;
  /**
   * From the gradient of what a step gave to that of what it took.
   *
   * @param peepholeGradients - to which the gradients of the peepholes are added
   */
  differentiate(
    step: Step<Name>,
    gradients: StepGradients<Name>,
    peepholes: Vectors<Peephole>,
    peepholeGradients: Vectors<Peephole>,
  ): void;
}

/** The logistic function, 0 to 1. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** A block with both an input and a state. */
export function block<Name extends string>(name: Name): Block<Name> {
  return { name, input: true, state: true };
}
