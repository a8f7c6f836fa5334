/** What the cells are trained on: sequences made on the spot, so that no example comes twice. */
import { binaryCrossEntropy, type Loss, softmaxCrossEntropy, squaredError } from "./loss";
import { type Random, randomInteger } from "./random";

export const TASK_NAMES = ["recall", "adding", "parity"] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/** Sequences of one length, a number of rows at a time. */
export interface Batch {
  /** [rows × input size] of each step. */
  readonly inputs: readonly Float64Array[];
  /** [rows] of each step; of a task that is asked at the end, only the last step's count. */
  readonly targets: readonly Float64Array[];
}

export interface Task {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly loss: Loss;
  /** Whether there is an answer at every step, or at the last alone. */
  readonly everyStep: boolean;
  /** How often a guess is right. */
  readonly chance: number;
  /** Fills in new sequences. */
  fill(batch: Batch, random: Random): void;
  /** Whether a row's outputs are right. */
  isRight(outputs: Float64Array, row: number, target: number): boolean;
}

/** How many symbols delayed recall draws from. */
export const SYMBOLS = 4;
/** An answer of the adding problem is right within this (Hochreiter and Schmidhuber, 1997, experiment 4). */
export const ADDING_TOLERANCE = 0.04;

/**
 * Delayed recall, after the long time lags of Hochreiter and Schmidhuber (1997, experiment 2): each step shows one of four symbols
 * at random. The first one is marked; at the last step, with a cue in place of a symbol, it is to be named. Inputs: one for each
 * symbol, the mark, and the cue.
 */
const recall: Task = {
  inputSize: SYMBOLS + 2,
  outputSize: SYMBOLS,
  loss: softmaxCrossEntropy,
  everyStep: false,
  chance: 1 / SYMBOLS,

  fill({ inputs, targets }, random) {
    const answer = targets.at(-1) as Float64Array;
    const last = inputs.length - 1;
    inputs.forEach((input, time) => {
      input.fill(0);
      for (let row = 0; row < answer.length; row += 1) {
        const at = row * this.inputSize;
        if (time === last) {
          input[at + SYMBOLS + 1] = 1;
          continue;
        }
        const symbol = randomInteger(random, SYMBOLS);
        input[at + symbol] = 1;
        if (time > 0) continue;
        input[at + SYMBOLS] = 1;
        answer[row] = symbol;
      }
    });
  },

  isRight(outputs, row, target) {
    const right = outputs[row * SYMBOLS + target] as number;
    for (let k = 0; k < SYMBOLS; k += 1) {
      if (k !== target && (outputs[row * SYMBOLS + k] as number) >= right) return false;
    }
    return true;
  },
};

/**
 * The adding problem (Hochreiter and Schmidhuber, 1997, experiment 4; in the form of Le, Jaitly and Hinton, 2015): of numbers from
 * 0 to 1 two are marked, one in each half, and the last output is to be their sum. Whoever always says 1 errs by 1/6 in the mean
 * square. Inputs: the number, and the mark.
 */
const adding: Task = {
  inputSize: 2,
  outputSize: 1,
  loss: squaredError,
  everyStep: false,
  // The share of sums of two uniform numbers within the tolerance of 1.
  chance: 1 - (1 - ADDING_TOLERANCE) ** 2,

  fill({ inputs, targets }, random) {
    const steps = inputs.length;
    const answer = targets.at(-1) as Float64Array;
    const half = Math.floor(steps / 2);
    for (let row = 0; row < answer.length; row += 1) {
      const first = randomInteger(random, half);
      const second = half + randomInteger(random, steps - half);
      let sum = 0;
      for (let time = 0; time < steps; time += 1) {
        const input = inputs[time] as Float64Array;
        const value = random();
        const marked = time === first || time === second;
        input[2 * row] = value;
        input[2 * row + 1] = marked ? 1 : 0;
        if (marked) sum += value;
      }
      answer[row] = sum;
    }
  },

  isRight(outputs, row, target) {
    return Math.abs((outputs[row] as number) - target) < ADDING_TOLERANCE;
  },
};

/** Parity: at every step, whether the number of ones so far is odd. Input: a bit. */
const parity: Task = {
  inputSize: 1,
  outputSize: 1,
  loss: binaryCrossEntropy,
  everyStep: true,
  chance: 1 / 2,

  fill({ inputs, targets }, random) {
    const rows = (targets[0] as Float64Array).length;
    for (let row = 0; row < rows; row += 1) {
      let odd = 0;
      for (let time = 0; time < inputs.length; time += 1) {
        const bit = random() < 0.5 ? 0 : 1;
        odd ^= bit;
        (inputs[time] as Float64Array)[row] = bit;
        (targets[time] as Float64Array)[row] = odd;
      }
    }
  },

  isRight(outputs, row, target) {
    return (outputs[row] as number) > 0 === (target === 1);
  },
};

export const TASKS: Readonly<Record<TaskName, Task>> = { recall, adding, parity };
