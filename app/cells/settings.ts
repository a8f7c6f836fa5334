/** What a visitor can set, and the link that brings it back. */
import { CELL_KINDS, type CellKind } from "@/lib/cells/cell";
import { OPTIMIZERS, type OptimizerName } from "@/lib/cells/optimizer";
import { TASK_NAMES, type TaskName } from "@/lib/cells/tasks";
import type { Pace, RunSettings } from "@/lib/cells/trainer";
import { parseSequence } from "./sequence";

/** How cells stand together. */
export const ARRANGEMENTS = ["one", "two", "both"] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

export const MAX_SEED = 2 ** 32 - 1;

/** The network that is gone through step by step. */
export interface StepSettings {
  readonly cell: CellKind;
  readonly arrangement: Arrangement;
  /** As it was typed. */
  readonly sequence: string;
  /** Of random weights; undefined for those that were trained on parity. */
  readonly weightSeed: number | undefined;
  /** The step that is looked at, from 0. */
  readonly step: number;
}

export const MIN_LENGTH = 4;
export const MAX_LENGTH = 100;
export const HIDDEN_SIZES = [8, 16, 24, 32] as const;
/** Roughly three to a decade. */
export const LEARNING_RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;
export const GAINS = [0.5, 1, 1.5, 2, 3, 4] as const;

/** Two cells that are trained side by side. */
export interface TrainingSettings extends Omit<RunSettings, "cell" | "layers" | "bidirectional">, Pace {
  readonly cells: readonly [CellKind, CellKind];
}

export interface Settings {
  readonly stepping: StepSettings;
  readonly training: TrainingSettings;
}

export const DEFAULT_SETTINGS: Settings = {
  stepping: { cell: "lstm", arrangement: "one", sequence: "1 0 1 1 0 0 1 0", weightSeed: undefined, step: 2 },
  training: {
    task: "recall",
    cells: ["lstm", "rnn"],
    length: 40,
    hiddenSize: 16,
    optimizer: "adam",
    learningRate: 0.01,
    clipping: true,
    gain: 1,
    seed: 1,
  },
};

const EXPLODING: TrainingSettings = {
  task: "parity",
  cells: ["rnn", "lstm"],
  length: 60,
  hiddenSize: 16,
  optimizer: "sgd",
  learningRate: 0.0003,
  clipping: true,
  gain: 4,
  seed: 1,
};

/** Trainings that show something, and what to look at. */
export const PRESETS: readonly { readonly name: string; readonly note: string; readonly settings: TrainingSettings }[] =
  [
    {
      name: "Vanishing",
      note: "The LSTM learns it; of the simple network’s gradient nothing comes back to the first step.",
      settings: DEFAULT_SETTINGS.training,
    },
    {
      name: "Exploding",
      note: "Large recurrent weights: the simple network’s gradient grows with every step that it goes back, and is clipped.",
      settings: EXPLODING,
    },
    {
      name: "A step too far",
      note: "The same unclipped and faster: a single step along such a gradient drives the units to their ends, where nothing comes back. Clip gradients, and learn anew.",
      settings: { ...EXPLODING, learningRate: 0.1, clipping: false },
    },
  ];

/** The two runs that settings ask for, alike but for the cell. */
export function runsOf({ cells, learningRate: _, clipping: __, ...shared }: TrainingSettings): RunSettings[] {
  return cells.map((cell) => ({ ...shared, cell, layers: 1, bidirectional: false }));
}

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared(query: Query): Settings {
  const { stepping, training } = DEFAULT_SETTINGS;
  const sequence = typeof query.sequence === "string" ? query.sequence : stepping.sequence;
  const parsed = parseSequence(sequence);
  const values = "values" in parsed ? parsed.values : undefined;
  return {
    stepping: {
      cell: oneOf(CELL_KINDS, query.cell) ?? stepping.cell,
      arrangement: oneOf(ARRANGEMENTS, query.arrangement) ?? stepping.arrangement,
      sequence: values ? sequence : stepping.sequence,
      weightSeed: integer(query.weights, 0, MAX_SEED),
      step: (integer(query.step, 1, values?.length ?? 1) ?? Math.min(stepping.step + 1, values?.length ?? 99)) - 1,
    },
    training: {
      task: oneOf<TaskName>(TASK_NAMES, query.task) ?? training.task,
      cells: [
        oneOf(CELL_KINDS, query.first) ?? training.cells[0],
        oneOf(CELL_KINDS, query.second) ?? training.cells[1],
      ],
      length: integer(query.length, MIN_LENGTH, MAX_LENGTH) ?? training.length,
      hiddenSize: oneOf(HIDDEN_SIZES, query.units) ?? training.hiddenSize,
      optimizer: oneOf<OptimizerName>(OPTIMIZERS, query.optimizer) ?? training.optimizer,
      learningRate: oneOf(LEARNING_RATES, query.rate) ?? training.learningRate,
      clipping: query.clipping === undefined ? training.clipping : query.clipping !== "off",
      gain: oneOf(GAINS, query.gain) ?? training.gain,
      seed: integer(query.seed, 0, MAX_SEED) ?? training.seed,
    },
  };
}

/** The query of a link that shows the same: what the page would do by itself is left out. */
export function formatShared({ stepping, training }: Settings): string {
  const defaults = parameters(DEFAULT_SETTINGS);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters({ stepping, training }))) {
    // The step stands for a place in this very sequence.
    if (value !== undefined && (value !== defaults[name] || name === "step")) query.set(name, value);
  }
  return query.toString();
}

function parameters({ stepping, training }: Settings): Record<string, string | undefined> {
  return {
    cell: stepping.cell,
    arrangement: stepping.arrangement,
    sequence: stepping.sequence,
    weights: stepping.weightSeed === undefined ? undefined : String(stepping.weightSeed),
    step: String(stepping.step + 1),
    task: training.task,
    first: training.cells[0],
    second: training.cells[1],
    length: String(training.length),
    units: String(training.hiddenSize),
    optimizer: training.optimizer,
    rate: String(training.learningRate),
    clipping: training.clipping ? "on" : "off",
    gain: String(training.gain),
    seed: String(training.seed),
  };
}

function oneOf<Value extends string | number>(values: readonly Value[], text: Query[string]): Value | undefined {
  return values.find((value) => String(value) === text);
}

function integer(text: Query[string], least: number, most: number): number | undefined {
  if (typeof text !== "string" || !/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
