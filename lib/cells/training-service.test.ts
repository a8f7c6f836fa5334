import { describe, expect, it } from "vitest";
import { type RunSettings, Trainer } from "./trainer";
import type { TrainingRequest, TrainingResponse } from "./training-protocol";
import { serveTraining } from "./training-service";

const RUN: RunSettings = {
  task: "parity",
  cell: "lstm",
  length: 4,
  hiddenSize: 3,
  layers: 1,
  bidirectional: false,
  optimizer: "adam",
  gain: 1,
  seed: 1,
};
const PACE = { learningRate: 0.01, clipping: true };

/** A worker whose chunks of work are done when the test says so. */
function open() {
  const answers: TrainingResponse[] = [];
  const work: (() => void)[] = [];
  let listen: (request: TrainingRequest) => void = () => {};
  serveTraining(
    {
      send: (response) => {
        answers.push(response);
      },
      onMessage: (listener) => {
        listen = listener;
      },
    },
    (chunk) => {
      work.push(chunk);
    },
  );
  return { answers, work, ask: (request: TrainingRequest) => listen(request), doChunk: () => work.shift()?.() };
}

describe("the training worker", () => {
  it("trains all runs to the last step, and tells every loss once", () => {
    const { answers, work, ask, doChunk } = open();
    ask({ type: "start", runs: [RUN, { ...RUN, cell: "rnn" }], pace: PACE, lastStep: 30 });
    while (work.length > 0) doChunk();
    expect(answers.at(-1)?.finished).toBe(true);
    for (const [index, cell] of (["lstm", "rnn"] as const).entries()) {
      const trainer = new Trainer({ ...RUN, cell });
      const losses = Array.from({ length: 30 }, () => {
        trainer.step(PACE);
        return trainer.loss;
      });
      expect(answers.flatMap(({ runs }) => [...(runs[index]?.losses ?? [])])).toEqual(losses);
      expect(answers.at(-1)?.runs[index]).toMatchObject({ steps: 30, accuracy: trainer.accuracy, diverged: false });
      expect(answers.at(-1)?.runs[index]?.throughTime).toEqual(trainer.measureThroughTime());
    }
  });

  it("pauses, takes another pace, and goes on", () => {
    const { answers, work, ask, doChunk } = open();
    ask({ type: "start", runs: [RUN], pace: { ...PACE, learningRate: 0 }, lastStep: 1_000_000 });
    doChunk();
    const steps = answers.at(-1)?.runs[0]?.steps ?? 0;
    expect(steps).toBeGreaterThan(0);
    ask({ type: "pause" });
    doChunk();
    expect(work).toEqual([]);
    expect(answers.at(-1)?.runs[0]?.steps).toBe(steps);
    ask({ type: "setPace", pace: PACE });
    expect(work).toEqual([]);
    ask({ type: "resume" });
    ask({ type: "resume" });
    expect(work).toHaveLength(1);
    doChunk();
    expect(answers.at(-1)?.runs[0]?.steps).toBeGreaterThan(steps);
  });

  it("begins anew when it is told to, and does not go on by itself after the end", () => {
    const { answers, work, ask, doChunk } = open();
    ask({ type: "start", runs: [RUN], pace: PACE, lastStep: 5 });
    while (work.length > 0) doChunk();
    ask({ type: "resume" });
    expect(work).toEqual([]);
    ask({ type: "start", runs: [RUN], pace: PACE, lastStep: 5 });
    while (work.length > 0) doChunk();
    expect(answers.map(({ runs }) => runs[0]?.steps)).toEqual([5, 5]);
  });

  it("ends where every run has left what can be computed with", () => {
    const { answers, work, ask, doChunk } = open();
    const run = { ...RUN, task: "adding", optimizer: "sgd" } as const;
    ask({ type: "start", runs: [run], pace: { learningRate: 1e8, clipping: false }, lastStep: 1_000_000 });
    while (work.length > 0) doChunk();
    expect(answers.at(-1)).toMatchObject({ finished: true, runs: [{ diverged: true }] });
  });
});
