/**
 * What is said between a page and the worker that trains for it. `start` begins; from then on the worker answers with `progress`
 * until all runs have reached their last step, or `pause`.
 */
import type { Pace, RunSettings } from "./trainer";

/** How far one run is. */
export interface RunProgress {
  /** Steps taken so far. */
  readonly steps: number;
  /** Loss and norm of the gradient before clipping, of each step since the last message, in order. */
  readonly losses: Float64Array;
  readonly gradientNorms: Float64Array;
  /** Share of right answers over the last 50 batches. */
  readonly accuracy: number;
  /** ‖∂L_T/∂(h_t, c_t)‖ for each step t of a sequence. */
  readonly throughTime: Float64Array;
  /** The step by which the task was learned. */
  readonly learnedAt: number | undefined;
  /** Whether the numbers have left what can be computed with. */
  readonly diverged: boolean;
}

export type TrainingRequest =
  /** Ends what was before, and begins these runs, which go on side by side, step for step. */
  | { readonly type: "start"; readonly runs: readonly RunSettings[]; readonly pace: Pace; readonly lastStep: number }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  /** Holds from the next step on. */
  | { readonly type: "setPace"; readonly pace: Pace };

export type TrainingResponse = {
  readonly type: "progress";
  /** In the order of `start`. */
  readonly runs: readonly RunProgress[];
  /** Steps that each run takes in a second of computing. */
  readonly stepsPerSecond: number;
  /** Whether no more steps come without a new `start`. */
  readonly finished: boolean;
};
