"use client";

import type { ReactNode } from "react";
import { CELL_KINDS, type CellKind } from "@/lib/cells/cell";
import type { OptimizerName } from "@/lib/cells/optimizer";
import type { TaskName } from "@/lib/cells/tasks";
import { CLIP_NORM } from "@/lib/cells/trainer";
import { SeedField } from "@/lib/ui/seed-field";
import { Slider } from "@/lib/ui/slider";
import { Choice } from "./choice";
import { DESCRIPTIONS } from "./equations";
import { Cite } from "./papers";
import {
  GAINS,
  HIDDEN_SIZES,
  LEARNING_RATES,
  MAX_LENGTH,
  MAX_SEED,
  MIN_LENGTH,
  type TrainingSettings,
} from "./settings";

const TASKS: readonly (readonly [TaskName, string])[] = [
  ["recall", "Delayed recall"],
  ["adding", "Adding"],
  ["parity", "Parity"],
];

const TASK_NOTES: Readonly<Record<TaskName, ReactNode>> = {
  recall: (
    <>
      The first symbol of a sequence is to be named after its last, with others in between (<Cite paper="lstm" />
      ).
    </>
  ),
  adding: (
    <>
      Two numbers of a sequence are marked, and their sum is asked at the end (<Cite paper="lstm" />
      ).
    </>
  ),
  parity: (
    <>
      At each step: is the number of ones so far odd? (<Cite paper="minsky" />)
    </>
  ),
};

const OPTIMIZERS: readonly (readonly [OptimizerName, string])[] = [
  ["adam", "Adam"],
  ["sgd", "Plain descent"],
];

const OPTIMIZER_NOTES: Readonly<Record<OptimizerName, ReactNode>> = {
  adam: (
    <>
      Steps of about one size, whatever the gradient’s (<Cite paper="kingma" />
      ).
    </>
  ),
  sgd: (
    <>
      Steps as long as the gradient (<Cite paper="robbins" />
      ): here exploding does harm, and clipping helps. It wants a learning rate of 0.1 or more.
    </>
  ),
};

/** Everything that a training begins with, and the two that hold at once. */
export function TrainingControls({
  settings,
  onChange,
}: {
  settings: TrainingSettings;
  onChange: (changes: Partial<TrainingSettings>) => void;
}) {
  const { task, cells, length, hiddenSize, optimizer, learningRate, clipping, gain, seed } = settings;
  const [first, second] = cells;
  return (
    <div className="grid content-start gap-5">
      <Choice
        legend="Task"
        name="task"
        options={TASKS}
        value={task}
        note={TASK_NOTES[task]}
        onChange={(value) => onChange({ task: value })}
      />
      <div>
        <div className="grid grid-cols-2 gap-4">
          <CellSelect label="Cell" value={first} onChange={(cell) => onChange({ cells: [cell, second] })} />
          <CellSelect label="Beside" value={second} onChange={(cell) => onChange({ cells: [first, cell] })} />
        </div>
        <p className="mt-1 text-ink-soft text-note">Two networks that get the same sequences, step for step.</p>
      </div>
      <div>
        <Slider
          label="Sequence length"
          value={length}
          min={MIN_LENGTH}
          max={MAX_LENGTH}
          format={(value) => `${value} steps`}
          onChange={(value) => onChange({ length: value })}
        />
        <p className="text-ink-soft text-note">How far the gradient has to travel.</p>
      </div>
      <div>
        <IndexSlider
          label="Units"
          values={HIDDEN_SIZES}
          value={hiddenSize}
          onChange={(value) => onChange({ hiddenSize: value })}
        />
        <p className="text-ink-soft text-note">The size of each state: more can hold more, and take longer.</p>
      </div>
      <div>
        <IndexSlider
          label="Learning rate"
          values={LEARNING_RATES}
          value={learningRate}
          onChange={(value) => onChange({ learningRate: value })}
        />
        <p className="text-ink-soft text-note">
          How far each step goes; it may be changed while they learn. Before or after, a change begins anew.
        </p>
      </div>
      <div>
        <label className="flex cursor-pointer items-baseline gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={clipping}
            onChange={({ target }) => onChange({ clipping: target.checked })}
            className="size-3.5 translate-y-px accent-ink"
          />
          Clip gradients
        </label>
        <p className="text-ink-soft text-note">
          A gradient longer than {CLIP_NORM} is shortened to {CLIP_NORM} (<Cite paper="pascanu" />
          ). It may be changed while they learn.
        </p>
      </div>
      <Choice
        legend="Optimiser"
        name="optimizer"
        options={OPTIMIZERS}
        value={optimizer}
        note={OPTIMIZER_NOTES[optimizer]}
        onChange={(value) => onChange({ optimizer: value })}
      />
      <div>
        <IndexSlider
          label="Recurrent weights at the start"
          values={GAINS}
          value={gain}
          format={(value) => `× ${value}`}
          onChange={(value) => onChange({ gain: value })}
        />
        <p className="text-ink-soft text-note">
          Times 1 they have a spectral radius of about 0.6, and a simple network’s gradients vanish; times 4, explode.
        </p>
      </div>
      <div>
        <SeedField max={MAX_SEED} value={seed} onChange={(value) => onChange({ seed: value })} />
        <p className="mt-1 text-ink-soft text-note">The same seed is the same training, to the last digit.</p>
      </div>
    </div>
  );
}

function CellSelect({
  label,
  value,
  onChange,
}: {
  label: string;
  value: CellKind;
  onChange: (cell: CellKind) => void;
}) {
  return (
    <label className="block text-sm">
      {label}
      <select
        value={value}
        onChange={({ target }) => onChange(target.value as CellKind)}
        className="mt-1 block w-full border-ink/40 border-b bg-paper py-1"
      >
        {CELL_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {DESCRIPTIONS[kind].name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A slider over a few numbers. */
function IndexSlider({
  label,
  values,
  value,
  format = String,
  onChange,
}: {
  label: string;
  values: readonly number[];
  value: number;
  format?: (value: number) => string;
  onChange: (value: number) => void;
}) {
  return (
    <Slider
      label={label}
      value={Math.max(0, values.indexOf(value))}
      min={0}
      max={values.length - 1}
      format={(index) => format(values[index] ?? value)}
      onChange={(index) => onChange(values[index] ?? value)}
    />
  );
}
