/** Trains one network on one task, a step at a time. The same settings give the same numbers, however the steps are grouped. */
import type { CellKind } from "./cell";
import { initialize, Network } from "./network";
import { clipByNorm, createOptimizer, type Optimizer, type OptimizerName } from "./optimizer";
import { createRandom, type Random } from "./random";
import { type Batch, TASKS, type Task, type TaskName } from "./tasks";

/** Sequences in a batch. */
export const ROWS = 16;
/** The greatest norm of a gradient, where it is clipped. */
export const CLIP_NORM = 1;
/** Steps over which the share of right answers is averaged. */
const RECENT_STEPS = 50;
/** A task counts as learned when this share of the recent answers is right. */
export const LEARNED = 0.95;

/** What makes a run; to change one of these is to begin anew. */
export interface RunSettings {
  readonly task: TaskName;
  readonly cell: CellKind;
  /** Steps of a sequence, at least 2. */
  readonly length: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly optimizer: OptimizerName;
  /** What the recurrent weights are multiplied by at the start. */
  readonly gain: number;
  /** 0 to 2³² − 1: initial weights and sequences. */
  readonly seed: number;
}

/** What may change while it runs. */
export interface Pace {
  readonly learningRate: number;
  /** Whether gradients are shortened to `CLIP_NORM`. */
  readonly clipping: boolean;
}

export class Trainer {
  readonly settings: RunSettings;
  readonly network: Network;
  readonly #task: Task;
  readonly #batch: Batch;
  readonly #random: Random;
  readonly #optimizer: Optimizer;
  /** Shares of right answers of the last `RECENT_STEPS` steps, in a ring. */
  readonly #recent = new Float64Array(RECENT_STEPS);
  #steps = 0;
  #learnedAt: number | undefined;
  #diverged = false;
  /** Of the last step's batch, before the update. */
  loss = Number.NaN;
  /** ‖∂L/∂θ‖ of the last step, before it was clipped. */
  gradientNorm = Number.NaN;

  constructor(settings: RunSettings) {
    const { task, cell, length, hiddenSize, layers, bidirectional, optimizer, gain, seed } = settings;
    this.settings = settings;
    this.#task = TASKS[task];
    const { inputSize, outputSize } = this.#task;
    const config = { cell, inputSize, hiddenSize, outputSize, layers, bidirectional };
    this.network = new Network(config, length, ROWS);
    initialize(this.network.parameters, config, { seed, gain, span: length });
    this.#batch = {
      inputs: this.network.inputs,
      targets: Array.from({ length }, () => new Float64Array(ROWS)),
    };
    // Other numbers than those of the weights; the same sequences for every cell.
    this.#random = createRandom(seed ^ 0x5eed);
    this.#optimizer = createOptimizer(optimizer, this.network.parameters.values.length);
  }

  /** Steps that were taken. */
  get steps(): number {
    return this.#steps;
  }

  /** The step after which the task counted as learned, if it has. */
  get learnedAt(): number | undefined {
    return this.#learnedAt;
  }

  /** Whether the loss or its gradient is no longer a finite number: no further step changes anything. */
  get diverged(): boolean {
    return this.#diverged;
  }

  /** Share of right answers over the last steps (up to 50 batches), each on sequences that were not seen before. */
  get accuracy(): number {
    const count = Math.min(this.#steps, RECENT_STEPS);
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum += this.#recent[k] as number;
    return count === 0 ? Number.NaN : sum / count;
  }

  /** Takes one step on a new batch, and sets `loss` and `gradientNorm`. */
  step({ learningRate, clipping }: Pace): void {
    if (this.#diverged) return;
    const { network } = this;
    this.#task.fill(this.#batch, this.#random);
    network.forward();
    this.loss = this.#setLoss(this.#task.everyStep);
    this.#recent[this.#steps % RECENT_STEPS] = this.#shareOfRight();
    network.backward();
    const { values, gradient } = network.parameters;
    this.gradientNorm = clipByNorm(gradient, clipping ? CLIP_NORM : Number.POSITIVE_INFINITY);
    this.#steps += 1;
    if (!Number.isFinite(this.loss) || !Number.isFinite(this.gradientNorm)) {
      this.#diverged = true;
      return;
    }
    this.#optimizer.step(values, gradient, learningRate);
    if (this.#learnedAt === undefined && this.#steps >= RECENT_STEPS && this.accuracy >= LEARNED) {
      this.#learnedAt = this.#steps;
    }
  }

  /**
   * How much of the gradient of the last answer's loss arrives at each step: ‖∂L_T/∂(h_t, c_t)‖ for t = 1 … T, over the last batch
   * and, of several layers, the highest one that reads forward. It vanishes or explodes towards the left.
   */
  measureThroughTime(): Float64Array {
    if (this.#steps === 0) this.#task.fill(this.#batch, createRandom(this.settings.seed ^ 0x5eed));
    this.network.forward();
    this.#setLoss(false);
    this.network.backward();
    const { layers, config } = this.network;
    const layer = layers[layers.length - (config.bidirectional ? 2 : 1)];
    return (layer?.squaredStateGradients ?? new Float64Array()).map(Math.sqrt);
  }

  /** Sets the gradients of the outputs, of all steps or of the last alone, and returns the loss. */
  #setLoss(everyStep: boolean): number {
    const { outputs, outputGradients } = this.network;
    const { targets } = this.#batch;
    const last = outputs.length - 1;
    const scale = everyStep ? 1 / outputs.length : 1;
    let loss = 0;
    for (let time = 0; time <= last; time += 1) {
      const gradient = outputGradients[time] as Float64Array;
      if (!everyStep && time < last) gradient.fill(0);
      else {
        const output = outputs[time] as Float64Array;
        loss += scale * this.#task.loss(output, targets[time] as Float64Array, gradient, scale);
      }
    }
    return loss;
  }

  #shareOfRight(): number {
    const { outputs } = this.network;
    const { targets } = this.#batch;
    let right = 0;
    let asked = 0;
    for (let time = this.#task.everyStep ? 0 : outputs.length - 1; time < outputs.length; time += 1) {
      const target = targets[time] as Float64Array;
      for (let row = 0; row < target.length; row += 1) {
        asked += 1;
        if (this.#task.isRight(outputs[time] as Float64Array, row, target[row] as number)) right += 1;
      }
    }
    return right / asked;
  }
}
