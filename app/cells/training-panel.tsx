"use client";

import { CLIP_NORM, LEARNED } from "@/lib/cells/trainer";
import { Button } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { Formula } from "@/lib/ui/formula";
import { Problem } from "@/lib/ui/problem";
import { DESCRIPTIONS } from "./equations";
import type { RunHistory } from "./examples";
import { ChartLegend, LineChart } from "./line-chart";
import { Cite } from "./papers";
import { formatMeasure } from "./scientific";
import { PRESETS, type TrainingSettings } from "./settings";
import { TrainingControls } from "./training-controls";
import { LAST_STEP, type Training } from "./use-training";

const nameOf = ({ cell }: RunHistory) => DESCRIPTIONS[cell].name;

/** Two networks that learn side by side, in a worker of this page. */
export function TrainingPanel({
  settings,
  training,
  onChange,
  onPreset,
  onUndo,
}: {
  settings: TrainingSettings;
  training: Training;
  onChange: (changes: Partial<TrainingSettings>) => void;
  /** Sets everything, and forgets what was learned. */
  onPreset: (settings: TrainingSettings) => void;
  /** Takes the last change of the settings back; undefined where there is none. */
  onUndo: (() => void) | undefined;
}) {
  const { status, runs, stepsPerSecond, paceChangedAt, error } = training;
  const running = status === "running";
  const isPreset = (preset: (typeof PRESETS)[number]) => JSON.stringify(preset.settings) === JSON.stringify(settings);
  const steps = Math.max(0, ...runs.map((run) => run.steps));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem]">
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-6">
        <div>
          <div className="flex flex-wrap items-baseline gap-x-5">
            <span className="text-sm">To begin with:</span>
            {PRESETS.map((preset) => (
              <Button
                key={preset.name}
                look="text"
                aria-pressed={isPreset(preset)}
                className={isPreset(preset) ? "text-ink decoration-ink" : ""}
                onClick={() => onPreset(preset.settings)}
              >
                {preset.name}
              </Button>
            ))}
            {onUndo && (
              <Button look="text" className="ml-auto" aria-keyshortcuts="z" onClick={onUndo}>
                Undo
              </Button>
            )}
          </div>
          <p className="text-ink-soft text-note">
            {PRESETS.find(isPreset)?.note ?? "Settings of your own; each of these sets all of them, and begins anew."}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <Button
            look="main"
            aria-keyshortcuts="t"
            className="min-w-36"
            onClick={running ? training.pause : training.learn}
          >
            {running ? "Pause" : status === "paused" ? "Go on" : "Learn"}
          </Button>
          <Button disabled={steps === 0} onClick={() => training.reset(settings)}>
            Reset
          </Button>
          <p className="numbers text-ink-soft text-note">
            {steps > 0 && `Step ${steps} of ${LAST_STEP}`}
            {stepsPerSecond > 0 && `, ${Math.round(stepsPerSecond)} a second`}
            {paceChangedAt !== undefined && `; learning rate or clipping changed at step ${paceChangedAt}`}
          </p>
          <p className="basis-full text-ink-soft text-note">
            Learn begins a training of {LAST_STEP} steps at most. Pause holds it, with all that was learned; Reset
            forgets it.
          </p>
        </div>
        <p role="status" className="text-sm">
          {describeStatus(training)}
        </p>
        {error && <Problem error={error} />}
        <ChartLegend names={runs.map(nameOf)} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 md:grid-cols-2">
          <LineChart
            title="Loss"
            xLabel="step of training"
            series={runs.map((run) => ({ name: nameOf(run), values: run.losses }))}
          />
          <LineChart
            title="Length of the gradient before clipping"
            xLabel="step of training"
            log
            threshold={settings.clipping ? { value: CLIP_NORM, label: "clipped to this" } : undefined}
            series={runs.map((run) => ({ name: nameOf(run), values: run.gradientNorms }))}
          />
          <div>
            <LineChart
              title="Gradient of the last answer that arrives at each step of a sequence"
              xLabel="step of the sequence"
              log
              series={runs.map((run) => ({ name: nameOf(run), values: run.throughTime }))}
            />
            <p className="mt-2 text-ink-soft text-note">
              <Formula text="‖∂L∕∂(h, c)‖" /> over the last batch: from right to left it goes back through time. A line
              that falls towards the left is a gradient that vanishes, one that rises towards the left explodes (
              <Cite paper="bengio" />
              ). What is below 10⁻¹² is drawn there.
            </p>
          </div>
          <RunTable runs={runs} />
        </div>
      </div>
      <TrainingControls settings={settings} onChange={onChange} />
    </div>
  );
}

/** Said aloud as well: it changes only where something happens. */
function describeStatus({ status, runs }: Training): string {
  const said = runs.flatMap((run) => {
    if (run.diverged) {
      return `${nameOf(run)}: the numbers have exploded. Turn clipping on or the learning rate down, and reset.`;
    }
    return run.learnedAt === undefined ? [] : `${nameOf(run)} has learned it, by step ${run.learnedAt}.`;
  });
  const first = {
    example: "Trained before you came; press Learn to see it happen.",
    ready: "Nothing is learned yet.",
    running: "Learning …",
    paused: "Paused.",
    finished: "That was the last step.",
    failed: "It stopped.",
  }[status];
  return [first, ...said].join(" ");
}

/** The numbers of the charts, at a few steps. */
function RunTable({ runs }: { runs: readonly RunHistory[] }) {
  const format = (value: number | undefined) => (value === undefined ? "–" : formatMeasure(value));
  const rows: (readonly [string, (run: RunHistory) => string])[] = [
    ["Right answers, of the last 50 batches", (run) => (run.steps === 0 ? "–" : formatProbability(run.accuracy))],
    [
      `Learned (${LEARNED * 100} % right) by step`,
      ({ learnedAt }) => (learnedAt === undefined ? "–" : String(learnedAt)),
    ],
    ["Loss at first", ({ losses }) => format(losses[0])],
    ["Loss now", ({ losses }) => format(losses.at(-1))],
    ["Length of the gradient now", ({ gradientNorms }) => format(gradientNorms.at(-1))],
    ["Gradient at the sequence’s last step", ({ throughTime }) => format(throughTime.at(-1))],
    ["half-way", ({ throughTime }) => format(throughTime[Math.floor(throughTime.length / 2)])],
    ["at its first step", ({ throughTime }) => format(throughTime[0])],
  ];
  return (
    <table className="numbers w-full self-start text-sm">
      <caption className="pb-1.5 text-left text-ink-soft text-note">The same in numbers</caption>
      <thead className="text-ink-soft text-note">
        <tr>
          <td />
          {runs.map((run, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be of one kind
            <th key={index} scope="col" className="pl-4 text-right font-normal">
              {nameOf(run)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, of]) => (
          <tr key={name} className="border-hairline border-t">
            <th scope="row" className="py-1 text-left font-normal">
              {name}
            </th>
            {runs.map((run, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may be of one kind
              <td key={index} className="whitespace-nowrap py-1 pl-4 text-right">
                {of(run)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
