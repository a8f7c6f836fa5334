"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { Button } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button";
import { MorePanels } from "@/lib/ui/more-panels";
import { Problem } from "@/lib/ui/problem";
import type { ModelDownload } from "@/lib/ui/run/downloads";
import { createQueryClient } from "@/lib/ui/run/query-client";
import { RunControl } from "@/lib/ui/run/run-control";
import { RunReport } from "@/lib/ui/run/run-report";
import { useDevice } from "@/lib/ui/run/use-device";
import { usePlace } from "@/lib/ui/run/use-place";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { useUndo } from "@/lib/ui/use-undo";
import { type Colouring, meanSurprise } from "./colours";
import type { Example } from "./example";
import { programSnippets } from "./program-snippets";
import { ReadText } from "./read-text";
import { SCORES } from "./scores";
import { DEFAULT_SETTINGS, formatShared, parseShared, type SharedSettings, type WritingSettings } from "./settings";
import { Status } from "./status";
import { endOf, isReadable, TextField } from "./text-field";
import { SHOWN_UNITS, UNITS } from "./units";
import { useContinuation } from "./use-continuation";
import { WritingControl } from "./writing-control";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});
const Maps = dynamic(() => import("./maps").then((module) => module.Maps), { ssr: false });
const Equations = dynamic(() => import("./equations").then((module) => module.Equations), { ssr: false });

const SHORTCUTS = [
  ["/", "Go to your text"],
  ["Ctrl Enter", "In your text: write on from it (⌘ Enter on a Mac)"],
  ["N", "Write on"],
  ["G", "Go on from what is written"],
  ["B", "Take back the last change"],
  ["← →", "In what is written: go along it"],
  ["Home End", "In what is written: go to its beginning or its end"],
] as const;

/** What passes between asking and the whole answer, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["write", "reading and writing"],
] as const;

const loadModel: typeof import("./device-model").loadDeviceModel = async (...options) =>
  (await import("./device-model")).loadDeviceModel(...options);

export interface WriterProps {
  readonly models: readonly ModelDownload[];
  /** What the link says. */
  readonly shared: SharedSettings;
  /** With a text that was written in advance. */
  readonly example: Example;
}

export function Writer(props: WriterProps) {
  const shared = useLinked(props.shared, parseShared);
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Workspace key={shared === props.shared ? "rendered" : "linked"} {...props} shared={shared} />
    </QueryClientProvider>
  );
}

function Workspace({ models, shared, example: { response, ...rest } }: WriterProps) {
  const written: WritingSettings = rest;
  // A link with a text of its own leaves the rest to the page's defaults.
  const { runOn: _, ...linked } = shared;
  const said = Object.fromEntries(Object.entries(linked).filter(([, value]) => value !== undefined));
  const { value: settings, ...edits } = useUndo<WritingSettings>({
    ...written,
    ...(shared.text !== undefined && DEFAULT_SETTINGS),
    ...said,
  });
  const [colouring, setColouring] = useState<Colouring>("surprise");
  const [panel, setPanel] = useState<string>();
  const [help, setHelp] = useState(false);
  const device = useDevice(models, loadModel);
  const where = usePlace(shared.runOn, "inkling.language.measured", device);
  const { place } = where;
  const example = { settings: written, run: { response, place: "server" as const } };
  const continuation = useContinuation(example, place, device, where.addRun);
  const { characters, given, shown, run, error, running, typing } = continuation;

  const stop = () => {
    device.cancelLoad();
    continuation.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setHelp(true) });

  const goOnNote = useId();
  const canWrite = isReadable(settings.text);
  const write = (next = settings) => {
    edits.settle();
    if (isReadable(next.text)) continuation.start(next);
  };
  const visible = characters.slice(0, shown);
  const text = visible.map((each) => each.text).join("");
  const goOn = () => {
    const next = { ...settings, text: endOf(text) };
    edits.change(next);
    write(next);
  };
  const query = formatShared(continuation.settings, where.choice);

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-5">
          <TextField
            text={settings.text}
            canUndo={edits.canUndo}
            onType={(next) => edits.change({ text: next }, "text")}
            onReplace={(next) => edits.change({ text: next })}
            onWrite={() => write()}
            onUndo={edits.undo}
          />
          <div>
            <div className="flex flex-wrap items-center gap-3">
              <Button look="main" aria-keyshortcuts="n" disabled={!canWrite} onClick={() => write()}>
                Write on
              </Button>
              <Button
                aria-keyshortcuts="g"
                aria-describedby={goOnNote}
                disabled={running || typing || text === ""}
                onClick={goOn}
              >
                Go on from what is written
              </Button>
            </div>
            <p id={goOnNote} className="mt-2 text-ink-soft text-note">
              “Write on” begins anew after your text. “Go on” takes all that is written, at most its last 2,000
              characters, as your text, and writes after that.
            </p>
          </div>
          {error && <Problem error={error} onRetry={() => write()} />}
          <Status place={place} continuation={continuation} deviceState={device.state} onStop={stop} />
          <section aria-label="What is written" aria-busy={running}>
            <ReadText characters={visible} given={given} colouring={colouring} typing={typing} />
            <Means characters={visible} given={given} />
            {run && (
              <RunReport run={run} parts={PARTS}>
                An example that the same model wrote in advance. Press “Write on” to see it work.
              </RunReport>
            )}
            <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
              <CopyButton text={text}>Copy the text</CopyButton>
              {query !== undefined && (
                <CopyButton text={() => new URL(`/language?${query}`, location.href).href}>Copy a link</CopyButton>
              )}
            </div>
          </section>
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8">
          <WritingControl
            settings={settings}
            // A slider that is moved is one step, and not one for each number on its way.
            onChange={(changes) => edits.change(changes, Object.keys(changes).join())}
          />
          <ColouringControl colouring={colouring} onChange={setColouring} />
          <RunControl device={device} place={where} />
        </div>
      </div>

      <MorePanels
        panels={[
          { value: "maps", label: "Maps", content: <Maps /> },
          { value: "equations", label: "Equations", content: <Equations /> },
          {
            value: "program",
            label: "From a program",
            content: <ProgramPanel snippets={(origin) => programSnippets(origin, settings)} />,
          },
        ]}
        value={panel}
        onValueChange={setPanel}
        onHelp={() => setHelp(true)}
      />
      {help && <ShortcutsDialog shortcuts={SHORTCUTS} photo={false} history={false} onClose={() => setHelp(false)} />}
    </>
  );
}

/** How surprising both parts of the text are on average. */
function Means({ characters, given }: { characters: WriterProps["example"]["response"]["characters"]; given: number }) {
  const yours = meanSurprise(characters.slice(0, given));
  const its = meanSurprise(characters.slice(given));
  if (yours === undefined && its === undefined) return null;
  const bits = (value: number) => `${value.toFixed(2)} bits a character`;
  return (
    <div className="numbers mt-2 text-note">
      <p>
        {yours !== undefined && <>Your text: {bits(yours)}. </>}
        {its !== undefined && <>What it wrote: {bits(its)}.</>}
      </p>
      <p className="text-ink-soft">
        Chapters that it never read take this network {SCORES.network} bits a character. Models that only count which
        characters came one after another need {SCORES.fiveGram} with five in a row and {SCORES.sevenGram} with seven.
      </p>
    </div>
  );
}

/** What the colours behind the characters show. */
function ColouringControl({ colouring, onChange }: { colouring: Colouring; onChange: (colouring: Colouring) => void }) {
  return (
    <fieldset>
      <legend className="font-serif text-xl">Colours</legend>
      <div className="mt-1 grid">
        {(["surprise", ...SHOWN_UNITS] as const).map((each) => (
          <label key={each} className="flex cursor-pointer items-baseline gap-2 py-1 text-sm">
            <input
              type="radio"
              name="colouring"
              checked={each === colouring}
              onChange={() => onChange(each)}
              className="size-3.5 translate-y-px accent-ink"
            />
            {each === "surprise" ? "Surprise" : `Unit ${UNITS[each]?.unit}: ${UNITS[each]?.label}`}
          </label>
        ))}
      </div>
      <p className="mt-1 text-ink-soft text-note">
        {colouring === "surprise" ? (
          "How many bits each character was worth: none where it was sure, one for each halving of its probability. It had seen nothing of what follows."
        ) : (
          <>
            {UNITS[colouring]?.measured} Such units were found by{" "}
            <a href="https://arxiv.org/abs/1506.02078" className="underlined">
              Karpathy et al. (2015)
            </a>
            .
          </>
        )}
      </p>
    </fieldset>
  );
}
