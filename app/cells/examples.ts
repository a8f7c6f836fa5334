import type { CellKind } from "@/lib/cells/cell";
import stored from "./examples.json";
import type { Arrangement } from "./settings";

/** What is known of a run that is shown. */
export interface RunHistory {
  readonly cell: CellKind;
  readonly steps: number;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly accuracy: number;
  readonly throughTime: readonly number[];
  readonly learnedAt?: number;
  readonly diverged: boolean;
}

/** Parameters by cell and arrangement, in the order of `Parameters`. */
export type Weights = Readonly<Record<`${CellKind}, ${Arrangement}`, readonly number[]>>;

/**
 * What was trained on parity: written by `scripts/precompute-cells.mjs`, like `RUNS`.
 * Asserted, since TypeScript reads the names in JSON as any strings; `examples.test.ts` runs each.
 */
export const WEIGHTS = stored.weights as Weights;

/** The first steps of the training that the page opens with. */
export const RUNS = stored.runs as readonly RunHistory[];
