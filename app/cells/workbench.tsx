"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { useUndo } from "@/lib/ui/use-undo";
import type { RunHistory, Weights } from "./examples";
import { GradientCheckPanel } from "./gradient-check-panel";
import { formatShared, parseShared, type Settings, type StepSettings, type TrainingSettings } from "./settings";
import { Stepper } from "./stepper";
import { TrainingPanel } from "./training-panel";
import { useTraining } from "./use-training";

// Loaded when it is opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});

const SHORTCUTS = [
  ["/", "Go to the sequence"],
  ["N", "Next step"],
  ["B", "A step back"],
  ["T", "Learn, or pause"],
  ["Z", "Take back the last change to the training"],
] as const;

/** Seed of the networks whose gradients are checked. */
const CHECK_SEED = 1;

export interface WorkbenchProps {
  readonly shared: Settings;
  readonly trained: Weights;
  /** The training to begin with. */
  readonly runs: readonly RunHistory[];
}

/** Everything on the page that can be changed. */
export function Workbench({ shared: rendered, ...examples }: WorkbenchProps) {
  const shared = useLinked(rendered, parseShared);
  return <Linked key={formatShared(shared)} shared={shared} {...examples} />;
}

function Linked({ shared, trained, runs }: WorkbenchProps) {
  const [stepping, setStepping] = useState(shared.stepping);
  const { value: settings, previous, ...edits } = useUndo(shared.training);
  const [help, setHelp] = useState(false);
  const training = useTraining(settings, runs);
  useShortcuts({ onStop: training.pause, onHelp: () => setHelp(true) });

  const changeTraining = (changes: Partial<TrainingSettings>) => {
    // A slider that is moved is one step, and not one for each number on its way.
    edits.change(changes, Object.keys(changes).join());
    training.change({ ...settings, ...changes });
  };
  const beginWith = (preset: TrainingSettings) => {
    edits.change(preset);
    training.reset(preset);
  };
  const takeBack =
    previous &&
    (() => {
      edits.undo();
      training.change(previous);
    });
  const changeStepping = (changes: Partial<StepSettings>) => setStepping({ ...stepping, ...changes });

  return (
    <>
      <section aria-labelledby="inside">
        <h2 id="inside" className="mb-4 text-3xl">
          Step by step
        </h2>
        <Stepper settings={stepping} trained={trained} onChange={changeStepping} />
      </section>
      <section aria-labelledby="learning" className="mt-16 border-hairline border-t pt-6">
        <h2 id="learning" className="text-3xl">
          Learning over time
        </h2>
        <p className="mt-2 mb-6 max-w-prose text-ink-soft">
          Why gates? Let two cells learn the same and look how much of the gradient comes back to the beginning of the
          sequence. It happens on your device.
        </p>
        <TrainingPanel
          settings={settings}
          training={training}
          onChange={changeTraining}
          onPreset={beginWith}
          onUndo={takeBack}
        />
      </section>
      <section aria-labelledby="checking" className="mt-16 border-hairline border-t pt-6">
        <h2 id="checking" className="mb-2 text-3xl">
          Is the gradient right?
        </h2>
        <GradientCheckPanel cell={stepping.cell} arrangement={stepping.arrangement} seed={CHECK_SEED} />
      </section>
      <div className="mt-14 flex flex-wrap items-baseline gap-x-8 gap-y-1 border-hairline border-t pt-5">
        <CopyButton
          text={() => new URL(`/cells?${formatShared({ stepping, training: settings })}`, location.href).href}
        >
          Copy a link
        </CopyButton>
        <span className="text-ink-soft text-note">It holds every setting of this page.</span>
        <span className="ml-auto hidden sm:inline">
          <Button look="text" aria-keyshortcuts="?" onClick={() => setHelp(true)}>
            Keyboard
          </Button>
        </span>
      </div>
      {help && <ShortcutsDialog shortcuts={SHORTCUTS} photo={false} history={false} onClose={() => setHelp(false)} />}
    </>
  );
}
