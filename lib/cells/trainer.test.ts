import { describe, expect, it } from "vitest";
import { createRandom } from "./random";
import { ADDING_TOLERANCE, TASK_NAMES, TASKS } from "./tasks";
import { CLIP_NORM, LEARNED, ROWS, type RunSettings, Trainer } from "./trainer";

const PACE = { learningRate: 0.02, clipping: true };
const RUN: RunSettings = {
  task: "recall",
  cell: "lstm",
  length: 20,
  hiddenSize: 12,
  layers: 1,
  bidirectional: false,
  optimizer: "adam",
  gain: 1,
  seed: 1,
};

function train(settings: Partial<RunSettings>, steps: number, pace = PACE): Trainer {
  const trainer = new Trainer({ ...RUN, ...settings });
  while (trainer.steps < steps && trainer.learnedAt === undefined && !trainer.diverged) trainer.step(pace);
  return trainer;
}

describe("training", () => {
  it.each([
    ["recall", 20, 250, 12],
    ["adding", 6, 900, 8],
    ["parity", 10, 250, 12],
  ] as const)("teaches an LSTM %s over %d steps within %d, with %d units", (task, length, steps, hiddenSize) => {
    const { learnedAt, accuracy } = train({ task, length, hiddenSize }, steps);
    expect(learnedAt).toBeLessThanOrEqual(steps);
    expect(accuracy).toBeGreaterThanOrEqual(LEARNED);
  });

  it("leaves a simple network at chance where the delay is long: the gradient does not reach the first step", () => {
    const trainer = train({ cell: "rnn", length: 40 }, 250);
    expect(trainer.learnedAt).toBeUndefined();
    expect(trainer.accuracy).toBeLessThan(0.35);
    const throughTime = trainer.measureThroughTime();
    expect(throughTime[0]).toBeLessThan(1e-6 * (throughTime.at(-1) ?? 0));
  });

  it("teaches a simple network the same over a short delay, in more steps", () => {
    expect(train({ cell: "rnn", length: 6 }, 600).learnedAt).toBeDefined();
  });

  it("repeats itself to the last bit, whatever is measured in between", () => {
    const [once, again] = [new Trainer({ ...RUN, length: 8 }), new Trainer({ ...RUN, length: 8 })];
    for (let step = 0; step < 10; step += 1) {
      once.step(PACE);
      again.measureThroughTime();
      again.step(PACE);
      expect(again.loss).toBe(once.loss);
    }
    expect(again.network.parameters.values).toEqual(once.network.parameters.values);
    const other = new Trainer({ ...RUN, length: 8, seed: 2 });
    other.step(PACE);
    expect(other.loss).not.toBe(new Trainer({ ...RUN, length: 8 }).loss);
  });

  it("shows gradients that explode where recurrent weights are large, and shortens them to the norm", () => {
    const trainer = new Trainer({
      ...RUN,
      task: "parity",
      cell: "rnn",
      hiddenSize: 16,
      gain: 4,
      length: 60,
      optimizer: "sgd",
    });
    const throughTime = trainer.measureThroughTime();
    expect(throughTime[0]).toBeGreaterThan(1e3 * (throughTime.at(-1) ?? 0));
    const before = trainer.network.parameters.values.slice();
    trainer.step({ learningRate: 1, clipping: true });
    expect(trainer.gradientNorm).toBeGreaterThan(CLIP_NORM);
    const moved = trainer.network.parameters.values.reduce((sum, value, k) => sum + (value - (before[k] ?? 0)) ** 2, 0);
    expect(Math.sqrt(moved)).toBeCloseTo(CLIP_NORM, 10);
  });

  it("stops where the numbers leave what can be computed with", () => {
    const trainer = train({ task: "adding", optimizer: "sgd", length: 6 }, 600, { learningRate: 1e6, clipping: false });
    expect(trainer.diverged).toBe(true);
    const { steps } = trainer;
    trainer.step(PACE);
    expect(trainer.steps).toBe(steps);
  });
});

describe.each(TASK_NAMES)("%s", (name) => {
  const task = TASKS[name];
  const length = 9;
  const make = (seed: number) => {
    const batch = {
      inputs: Array.from({ length }, () => new Float64Array(ROWS * task.inputSize)),
      targets: Array.from({ length }, () => new Float64Array(ROWS)),
    };
    task.fill(batch, createRandom(seed));
    return batch;
  };

  it("is the same from the same seed, and other from another", () => {
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it("has the answers that follow from its inputs", () => {
    const { inputs, targets } = make(3);
    for (let row = 0; row < ROWS; row += 1) {
      const at = (time: number, input: number) => inputs[time]?.[row * task.inputSize + input] as number;
      const answer = targets.at(-1)?.[row] as number;
      const times = Array.from({ length }, (_, time) => time);
      if (name === "recall") {
        expect(at(0, answer)).toBe(1);
        expect(times.map((time) => at(time, 4))).toEqual([1, ...Array(length - 1).fill(0)]);
        expect(times.map((time) => at(time, 5))).toEqual([...Array(length - 1).fill(0), 1]);
      } else if (name === "adding") {
        const marked = times.filter((time) => at(time, 1) === 1);
        expect(marked).toHaveLength(2);
        expect(marked[0]).toBeLessThan(4);
        expect(marked[1]).toBeGreaterThanOrEqual(4);
        expect(answer).toBeCloseTo(
          marked.reduce((sum, time) => sum + at(time, 0), 0),
          12,
        );
      } else {
        expect(times.map((time) => targets[time]?.[row])).toEqual(
          times.map((time) => times.slice(0, time + 1).reduce((odd, each) => odd ^ at(each, 0), 0)),
        );
      }
    }
  });

  it("knows a right output from a wrong one", () => {
    const target = 1;
    const right = { recall: [0, 2, 1, 0], adding: [1 + 0.9 * ADDING_TOLERANCE], parity: [0.1] }[name];
    const wrong = { recall: [0, 2, 2, 0], adding: [1 - 1.1 * ADDING_TOLERANCE], parity: [-0.1] }[name];
    expect(task.isRight(Float64Array.from([...right, ...wrong]), 0, target)).toBe(true);
    expect(task.isRight(Float64Array.from([...right, ...wrong]), 1, target)).toBe(false);
  });
});
