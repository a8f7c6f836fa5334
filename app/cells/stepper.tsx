"use client";

import { type ReactNode, useId, useState } from "react";
import { CELL_KINDS } from "@/lib/cells/cell";
import { CELLS as CELLS_BY_KIND } from "@/lib/cells/cells";
import { Button } from "@/lib/ui/button";
import { SeedField } from "@/lib/ui/seed-field";
import { Slider } from "@/lib/ui/slider";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { CellDiagram } from "./cell-diagram";
import { Choice } from "./choice";
import { EquationList, Readout } from "./equation-list";
import { DESCRIPTIONS, formatNumber } from "./equations";
import type { Weights } from "./examples";
import { Cite } from "./papers";
import { parseSequence } from "./sequence";
import { type Arrangement, MAX_SEED, type StepSettings } from "./settings";
import { HIDDEN_SIZE, inputOf, runSequence, unitValues } from "./stepped";
import { layerName, Unrolled } from "./unrolled";
import { ValuesTable } from "./values-table";

const ARRANGEMENTS: readonly (readonly [Arrangement, string])[] = [
  ["one", "One layer"],
  ["two", "Two layers"],
  ["both", "Both directions"],
];

const CELLS = CELL_KINDS.map((kind) => [kind, DESCRIPTIONS[kind].name] as const);

const WEIGHTS = [
  ["trained", "Trained on parity"],
  ["random", "At random"],
] as const;

const ARRANGEMENT_NOTES: Readonly<Record<Arrangement, ReactNode>> = {
  one: "Each step hands its state on to the next one.",
  two: (
    <>
      The second layer reads the states of the first, as a sequence of its own (<Cite paper="graves" />
      ).
    </>
  ),
  both: (
    <>
      One layer reads from the left and one from the right; the readout sees both (<Cite paper="schuster" />
      ).
    </>
  ),
};

/** How the sequence is read. */
const READING: Readonly<Record<Arrangement, string>> = {
  one: "the network reads them from left to right",
  two: "the network reads them from left to right",
  both: "one layer reads them from left to right and one from right to left,",
};

const UNITS = Array.from({ length: HIDDEN_SIZE }, (_, unit) => [String(unit), String(unit + 1)] as const);

/** A small network, gone through step by step. */
export function Stepper({
  settings,
  trained,
  onChange,
}: {
  settings: StepSettings;
  /** Weights that follow parity. */
  trained: Weights;
  onChange: (changes: Partial<StepSettings>) => void;
}) {
  const { cell, arrangement, sequence, weightSeed } = settings;
  const hydrated = useHydrated();
  const problemId = useId();
  // What was last typed that can be read: while one types, the picture stays.
  const parsed = parseSequence(sequence);
  const [readable, setReadable] = useState<readonly number[]>("values" in parsed ? parsed.values : [0]);
  const values = "values" in parsed ? parsed.values : readable;
  const [layer, setLayer] = useState(0);
  const [unit, setUnit] = useState(0);

  const network = runSequence(settings, values, trained);
  const step = Math.min(settings.step, values.length - 1);
  const looked = Math.min(layer, network.layers.length - 1);
  const units = Array.from({ length: HIDDEN_SIZE }, (_, each) => unitValues(network, looked, step, each));
  const drawn = units[unit];
  const inputs = inputOf(network, looked, step);
  const place = `${layerName(network, looked)}, step ${step + 1} of ${values.length}`;

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-7">
      <div className="grid gap-x-14 gap-y-5 md:grid-cols-2 lg:grid-cols-3">
        <Choice
          legend="Cell"
          name="cell"
          options={CELLS}
          value={cell}
          note={DESCRIPTIONS[cell].sentence}
          onChange={(value) => onChange({ cell: value })}
        />
        <Choice
          legend="Arrangement"
          name="arrangement"
          options={ARRANGEMENTS}
          value={arrangement}
          note={ARRANGEMENT_NOTES[arrangement]}
          onChange={(value) => onChange({ arrangement: value })}
        />
        <div>
          <Choice
            legend="Weights"
            name="weights"
            options={WEIGHTS}
            value={weightSeed === undefined ? "trained" : "random"}
            note={
              weightSeed === undefined
                ? "It has learned to say whether the number of ones so far is odd: watch its memory flip."
                : "Nothing is learned yet; another seed is another network."
            }
            onChange={(value) => onChange({ weightSeed: value === "trained" ? undefined : 1 })}
          />
          {weightSeed !== undefined && (
            <div className="mt-2">
              <SeedField max={MAX_SEED} value={weightSeed} onChange={(seed) => onChange({ weightSeed: seed })} />
            </div>
          )}
        </div>
      </div>
      <div>
        <label className="block text-sm">
          The sequence
          <textarea
            rows={1}
            aria-keyshortcuts="/"
            aria-invalid={"problem" in parsed}
            aria-describedby={problemId}
            spellCheck={false}
            value={sequence}
            readOnly={!hydrated}
            onChange={({ target }) => {
              const next = parseSequence(target.value);
              if ("values" in next) setReadable(next.values);
              onChange({ sequence: target.value });
            }}
            className="numbers mt-1 block w-full resize-none border-ink/40 border-b bg-transparent py-1 font-serif text-2xl"
          />
        </label>
        <p id={problemId} role="status" className="mt-1 text-ink-soft text-note">
          {"problem" in parsed
            ? parsed.problem
            : `Bits or any small numbers, one a step: ${READING[arrangement]} as you change them.`}
        </p>
      </div>

      <div>
        <Unrolled
          network={network}
          values={values}
          place={{ layer: looked, step }}
          onChange={(next) => {
            setLayer(next.layer);
            onChange({ step: next.step });
          }}
        />
        <p className="mt-1 text-ink-soft text-note">
          Bars are the three units of each state, up for positive and down for negative; press one to look inside.
          Arrows from step to step carry the state{CELLS_BY_KIND[cell].hasMemory && " and the memory"}
          {arrangement === "both" && ", and the line beside them takes the forward states to the readout"}.
        </p>
      </div>

      {/* On phones it stays under the thumb for as long as this part of the page is in sight. */}
      <div className="sticky bottom-0 z-10 order-last -mx-gutter grid max-w-3xl items-end gap-x-6 border-hairline border-t bg-paper px-gutter py-3 sm:static sm:order-none sm:mx-0 sm:grid-cols-[minmax(0,1fr)_auto] sm:border-0 sm:p-0">
        <Slider
          label="Step"
          value={step + 1}
          min={1}
          max={Math.max(2, values.length)}
          format={(value) => `${Math.min(value, values.length)} of ${values.length}`}
          onChange={(value) => onChange({ step: Math.min(value, values.length) - 1 })}
        />
        <div className="grid grid-cols-[auto_1fr] gap-3">
          <Button aria-keyshortcuts="b" disabled={step === 0} onClick={() => onChange({ step: step - 1 })}>
            Back
          </Button>
          <Button
            look="main"
            aria-keyshortcuts="n"
            disabled={step === values.length - 1}
            onClick={() => onChange({ step: step + 1 })}
          >
            Next step
          </Button>
        </div>
        <p className="text-ink-soft text-note sm:col-span-2">Which step is drawn, back or on one at a time.</p>
      </div>

      {drawn && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 md:grid-cols-2 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1.15fr)_minmax(0,0.7fr)]">
          <figure>
            <CellDiagram
              kind={cell}
              unit={drawn}
              input={inputs.length === 1 ? formatNumber(inputs[0] ?? 0) : `${inputs.length} numbers`}
              label={`${place}, unit ${unit + 1}`}
            />
            <figcaption className="mt-2 text-ink-soft text-note">
              {place}.{cell !== "rnn" && " Bars under the numbers of gates (σ) say how far each is open."}
              {cell === "peephole" && " Dashed: the peepholes."}
            </figcaption>
            <div className="mt-4">
              <Choice
                legend="Unit"
                name="unit"
                options={UNITS}
                value={String(unit)}
                note="Which of the three units is drawn: each has gates of its own."
                onChange={(value) => setUnit(Number(value))}
              />
            </div>
          </figure>
          <div className="grid content-start gap-6">
            <EquationList kind={cell} unit={drawn} />
            <Readout network={network} step={step} />
          </div>
          <ValuesTable kind={cell} units={units} chosen={unit} caption={`All numbers: ${place}`} />
        </div>
      )}
    </div>
  );
}
