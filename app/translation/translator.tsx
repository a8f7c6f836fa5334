"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { DEFAULT_BEAM_WIDTH, MAX_TEXT_LENGTH, VARIANTS } from "@/lib/translation/options";
import { Button } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button";
import { MorePanels } from "@/lib/ui/more-panels";
import { Problem } from "@/lib/ui/problem";
import type { ModelDownload } from "@/lib/ui/run/downloads";
import { PLACES } from "@/lib/ui/run/measured-times";
import { createQueryClient } from "@/lib/ui/run/query-client";
import { RunControl } from "@/lib/ui/run/run-control";
import { RunReport } from "@/lib/ui/run/run-report";
import { useDevice } from "@/lib/ui/run/use-device";
import { usePlace } from "@/lib/ui/run/use-place";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { BeamControl } from "./beam-control";
import { type Example, SUGGESTIONS } from "./example";
import { Explanation } from "./explanation";
import { PlainTranslation } from "./plain-translation";
import { programSnippets } from "./program-snippets";
import { formatShared, parseShared, type SharedSettings } from "./settings";
import { Status } from "./status";
import { TranslationView } from "./translation-view";
import { useText } from "./use-text";
import { translationKey, useTranslation } from "./use-translation";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});

const SHORTCUTS = [
  ["/", "Go to the text"],
  ["Enter", "In the text: translate at once"],
  ["B", "Take back the last change"],
] as const;

/** What passes between asking and answering, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["translate", "translating"],
] as const;

const loadTranslator: typeof import("./device-translator").loadDeviceTranslator = async (...options) =>
  (await import("./device-translator")).loadDeviceTranslator(...options);

export interface TranslatorProps {
  readonly models: readonly ModelDownload[];
  /** What the link says. */
  readonly shared: SharedSettings;
  /** With translations that were made in advance. */
  readonly example: Example;
}

export function Translator(props: TranslatorProps) {
  const shared = useLinked(props.shared, parseShared);
  return <Linked key={shared === props.shared ? "rendered" : "linked"} {...props} shared={shared} />;
}

function Linked(props: TranslatorProps) {
  const [client] = useState(() => {
    const created = createQueryClient();
    const { responses } = props.example;
    for (const place of PLACES) {
      for (const variant of VARIANTS) {
        const run = { response: responses[variant], place: "server" };
        created.setQueryData(translationKey(place, variant, props.example), run);
      }
    }
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Workspace {...props} />
    </QueryClientProvider>
  );
}

function Workspace({ models, shared, example }: TranslatorProps) {
  const written = useText({
    text: shared.text ?? example.text,
    beamWidth: shared.beamWidth ?? (shared.text === undefined ? example.beamWidth : DEFAULT_BEAM_WIDTH),
  });
  const hydrated = useHydrated();
  const [panel, setPanel] = useState<string>();
  const [help, setHelp] = useState(false);
  const device = useDevice(models, loadTranslator);
  const where = usePlace(shared.runOn, "inkling.translation.measured", device);
  const { asked } = written;
  const attending = useTranslation("attention", asked, where.place, device, where.addRun);
  const plain = useTranslation("plain", asked, where.place, device);
  const { run, current } = attending;

  const stop = () => {
    device.cancelLoad();
    attending.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setHelp(true) });
  const best = run?.response.translations[0];
  const isFull = written.text.length >= MAX_TEXT_LENGTH;

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8">
          <div>
            <label className="block">
              <span className="font-serif text-xl">English</span>
              <span className="block text-ink-soft text-note">
                Short, everyday sentences come out best.{" "}
                <span className={isFull ? "text-ink" : ""}>
                  {isFull
                    ? `This has the ${MAX_TEXT_LENGTH} characters that it takes at most: what goes beyond is left out.`
                    : `At most ${MAX_TEXT_LENGTH} characters.`}
                </span>
              </span>
              <textarea
                rows={1}
                value={written.text}
                maxLength={MAX_TEXT_LENGTH}
                readOnly={!hydrated}
                lang="en"
                aria-keyshortcuts="/"
                autoComplete="off"
                spellCheck={false}
                className="mt-2 field-sizing-content w-full resize-none border-ink/40 border-b bg-transparent py-1.5 font-serif text-2xl"
                onChange={({ target }) => written.change(target.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                  event.preventDefault();
                  written.settle();
                }}
              />
            </label>
            <p className="mt-2 flex flex-wrap gap-x-5 text-sm">
              <span className="py-1 text-ink-soft">Or try:</span>
              {SUGGESTIONS.map((text) => (
                <Button key={text} look="text" onClick={() => written.choose(text)}>
                  {text}
                </Button>
              ))}
              {written.canUndo && (
                <Button look="text" className="ml-auto" aria-keyshortcuts="b" onClick={written.undo}>
                  Undo
                </Button>
              )}
            </p>
          </div>
          {attending.error && <Problem error={attending.error} onRetry={attending.start} />}
          <Status
            settled={written.settled}
            place={where.place}
            asked={asked}
            translation={attending}
            deviceState={device.state}
            onStop={stop}
          />
          {run && !attending.error && (
            <TranslationView response={run.response} busy={!current} beside={<PlainTranslation translation={plain} />}>
              <RunReport run={run} parts={PARTS}>
                An example that the same model made in advance. Change the text to see it work.
              </RunReport>
              <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
                <CopyButton text={best?.text ?? ""}>Copy the translation</CopyButton>
                {asked && (
                  <CopyButton
                    text={() => new URL(`/translation?${formatShared(asked, where.choice)}`, location.href).href}
                  >
                    Copy a link
                  </CopyButton>
                )}
              </div>
            </TranslationView>
          )}
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8">
          <BeamControl beamWidth={written.beamWidth} onChange={written.widen} />
          <RunControl device={device} place={where} />
        </div>
      </div>

      <Explanation />
      <MorePanels
        panels={[
          {
            value: "program",
            label: "From a program",
            content: (
              <ProgramPanel
                snippets={(origin) =>
                  programSnippets(origin, asked ?? { text: written.text, beamWidth: written.beamWidth })
                }
              />
            ),
          },
        ]}
        value={panel}
        onValueChange={setPanel}
        onHelp={() => setHelp(true)}
      />
      {help && (
        <ShortcutsDialog shortcuts={SHORTCUTS} photo={false} history={false} words onClose={() => setHelp(false)} />
      )}
    </>
  );
}
