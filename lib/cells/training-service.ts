/** The worker's side of `training-protocol.ts`. */
import type { Endpoint } from "../inference/worker-protocol";
import { type Pace, Trainer } from "./trainer";
import type { RunProgress, TrainingRequest, TrainingResponse } from "./training-protocol";

/** How long it computes before it looks for messages and says how far it is: the page then draws about ten times a second. */
const CHUNK_MS = 100;

/** One run, and what has not been told of it yet. */
class Run {
  readonly trainer: Trainer;
  readonly #losses: number[] = [];
  readonly #gradientNorms: number[] = [];

  constructor(trainer: Trainer) {
    this.trainer = trainer;
  }

  step(pace: Pace): void {
    if (this.trainer.diverged) return;
    this.trainer.step(pace);
    this.#losses.push(this.trainer.loss);
    this.#gradientNorms.push(this.trainer.gradientNorm);
  }

  takeProgress(): RunProgress {
    const { steps, accuracy, learnedAt, diverged } = this.trainer;
    return {
      steps,
      losses: Float64Array.from(this.#losses.splice(0)),
      gradientNorms: Float64Array.from(this.#gradientNorms.splice(0)),
      accuracy,
      throughTime: this.trainer.measureThroughTime(),
      learnedAt,
      diverged,
    };
  }
}

/**
 * Serves one page.
 *
 * @param endpoint - its messages
 * @param schedule - calls a function once, after messages that wait have been received
 */
export function serveTraining(
  endpoint: Endpoint<TrainingResponse, TrainingRequest>,
  schedule: (work: () => void) => void,
): void {
  let runs: readonly Run[] = [];
  let pace: Pace = { learningRate: 0, clipping: true };
  let lastStep = 0;
  let steps = 0;
  let going = false;
  /** Whether a chunk is scheduled: never two at a time. */
  let waiting = false;

  function goOn(): void {
    if (waiting || !going) return;
    waiting = true;
    schedule(() => {
      waiting = false;
      if (going) computeChunk();
      goOn();
    });
  }

  function computeChunk(): void {
    const first = steps;
    const start = performance.now();
    let milliseconds = 0;
    while (steps < lastStep && milliseconds < CHUNK_MS) {
      for (const run of runs) run.step(pace);
      steps += 1;
      milliseconds = performance.now() - start;
    }
    const finished = steps >= lastStep || runs.every(({ trainer }) => trainer.diverged);
    if (finished) going = false;
    endpoint.send({
      type: "progress",
      runs: runs.map((run) => run.takeProgress()),
      stepsPerSecond: milliseconds > 0 ? ((steps - first) / milliseconds) * 1000 : 0,
      finished,
    });
  }

  endpoint.onMessage((request) => {
    switch (request.type) {
      case "start":
        runs = request.runs.map((settings) => new Run(new Trainer(settings)));
        ({ pace, lastStep } = request);
        steps = 0;
        going = true;
        break;
      case "pause":
        going = false;
        break;
      case "resume":
        going = steps < lastStep;
        break;
      case "setPace":
        pace = request.pace;
        break;
    }
    goOn();
  });
}
