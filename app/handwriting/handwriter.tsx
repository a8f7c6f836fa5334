"use client";

import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useRef, useState } from "react";
import type { HandwritingStyles } from "@/app/api/handwriting/schema";
import { DEFAULT_LINE_WIDTH } from "@/lib/handwriting/options";
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
import { useMediaQuery, useReducedMotion } from "@/lib/ui/use-media-query";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { useUndo } from "@/lib/ui/use-undo";
import { HandControl, STYLES_KEY } from "./hand-control";
import type { WritingEntry } from "./history-panel";
import { LookControl } from "./look-control";
import { Pen } from "./pen";
import { PenControl, PenViews } from "./pen-views";
import { programSnippets } from "./program-snippets";
import { replaceUnsupported } from "./replacements";
import { formatShared, parseShared, randomSeed, type SharedSettings } from "./settings";
import { Sheet, sheetColors } from "./sheet";
import { Status } from "./status";
import { TextField } from "./text-field";
import { type Asked, toRequest, useAsked } from "./use-asked";
import { useRemembered } from "./use-remembered";
import { useWriting, type WritingRun, writingKey } from "./use-writing";
import { WritingControl } from "./writing-control";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const DownloadPanel = dynamic(() => import("./download-panel").then((module) => module.DownloadPanel), { ssr: false });
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});
const WritingHistory = dynamic(() => import("./history-panel").then((module) => module.WritingHistory), { ssr: false });

const loadWriter: typeof import("./device-writer").loadDeviceWriter = async (...options) =>
  (await import("./device-writer")).loadDeviceWriter(...options);

const SHORTCUTS = [
  ["/", "Go to the text"],
  ["N", "Write it anew, differently"],
  ["G", "Let it dream, without a text"],
  ["R", "Pause the pen, or see it again"],
  ["D", "Download it"],
  ["B", "Take back the last change"],
  ["H", "Write a sample of your own hand"],
] as const;

/** What passes while it writes, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["read", "preparing"],
  ["write", "writing"],
] as const;

/** Characters a line where the window is narrow, until the visitor says otherwise. */
const NARROW_LINE = 22;

type Chosen = Omit<Asked, "lineWidth"> & { readonly lineWidth: number | undefined };

export interface HandwriterProps {
  readonly models: readonly ModelDownload[];
  readonly shared: SharedSettings & { readonly seed: number };
}

export function Handwriter({ models, shared: rendered }: HandwriterProps) {
  const shared = useLinked(rendered, (query) => ({
    ...parseShared(query),
    seed: parseShared(query).seed ?? rendered.seed,
  }));
  return <Linked key={formatShared(shared)} models={models} shared={shared} />;
}

function Linked(props: HandwriterProps) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Workspace {...props} />
    </QueryClientProvider>
  );
}

function Workspace({ models, shared }: HandwriterProps) {
  const client = useQueryClient();
  const { text, dream, seed, style, bias, lineWidth } = shared;
  const settings = useUndo<Chosen>({ text, dream, seed, style, bias, lineWidth });
  const { change } = settings;
  const narrow = useMediaQuery("(max-width: 40rem)");
  const value = useMemo<Asked>(
    () => ({ ...settings.value, lineWidth: settings.value.lineWidth ?? (narrow ? NARROW_LINE : DEFAULT_LINE_WIDTH) }),
    [settings.value, narrow],
  );
  const [look, setLook] = useState(shared.look);
  const [panel, setPanel] = useState<string>();
  const [help, setHelp] = useState(false);
  const still = useReducedMotion();
  const rate = still ? Number.POSITIVE_INFINITY : look.speed;
  const [pen] = useState(() => new Pen(rate));
  useEffect(() => pen.setRate(rate), [pen, rate]);
  const sheet = useRef<HTMLDivElement>(null);

  const device = useDevice(models, loadWriter);
  const where = usePlace(shared.runOn, "inkling.handwriting.measured", device);
  const { place } = where;
  const asked = useAsked(value);
  const { request, finished } = asked;
  const writing = useWriting({ request, place, device, pen, onRun: where.addRun });
  const { run, current } = writing;
  const remembered = useRemembered(value, finished && current ? run : undefined);

  const stop = () => {
    device.cancelLoad();
    writing.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setHelp(true) });

  const open = ({ settings: opened, response, milliseconds, place: ranAt }: WritingEntry) => {
    const earlier: WritingRun = { response, milliseconds, place: ranAt };
    remembered.skip(earlier);
    client.setQueryData<WritingRun>(writingKey(place, toRequest(opened)), earlier);
    // What was kept earlier may not say all that there is now.
    change({ ...opened, hand: opened.hand, dream: opened.dream === true });
    document.getElementById("main")?.scrollIntoView();
  };
  const toggleDream = () => {
    // The hand that is chosen, which for a text may be the first without its id.
    const [first] = client.getQueryData<HandwritingStyles["styles"]>(STYLES_KEY) ?? [];
    change({ dream: !value.dream, style: value.style === undefined ? (first?.id ?? null) : value.style });
  };
  const shareUrl = () =>
    new URL(`/handwriting?${formatShared({ ...value, look, runOn: where.choice })}`, location.href).href;
  const openDownloads = () => {
    setPanel("download");
    document.getElementById("more")?.scrollIntoView();
  };
  const colors = () => sheetColors(sheet.current);

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,1fr)_19rem] lg:grid-rows-[auto_1fr]">
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-6">
          <Sheet pen={pen} look={look} text={run?.response.text} busy={writing.running} sheetRef={sheet} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 print:hidden">
            <div className="grid gap-x-10 gap-y-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-end">
              <PenControl pen={pen} still={still} />
              <div className="fixed inset-x-0 bottom-0 z-10 border-hairline border-t bg-paper px-gutter py-3 sm:static sm:border-0 sm:bg-transparent sm:p-0">
                <Button
                  look="main"
                  aria-keyshortcuts="n"
                  className="w-full py-3 text-base sm:py-2.5 sm:text-sm"
                  onClick={() => change({ seed: randomSeed() })}
                >
                  Write it differently
                </Button>
              </div>
            </div>
            <TextField
              text={value.text}
              dream={value.dream}
              canUndo={settings.canUndo}
              onType={(typed) => change({ text: typed, dream: false }, "text")}
              onDream={toggleDream}
              onFinish={() => {
                asked.finish();
                settings.settle();
              }}
              onReplace={() => change({ text: replaceUnsupported(value.text) })}
              onUndo={settings.undo}
            />
            {writing.error && <Problem error={writing.error} onRetry={writing.start} />}
            <Status
              empty={request === undefined}
              finished={finished}
              place={place}
              writing={writing}
              deviceState={device.state}
              onStop={stop}
            />
            {run && (
              <div>
                <PenViews pen={pen} writing={run.response} />
                <ul className="mt-3 text-sm empty:hidden">
                  {run.response.warnings.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
                <RunReport run={run} parts={PARTS}>
                  Written before.
                </RunReport>
                <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
                  <Button look="text" aria-keyshortcuts="d" onClick={openDownloads}>
                    Download
                  </Button>
                  <CopyButton text={shareUrl}>Copy a link</CopyButton>
                  <Button look="text" onClick={() => print()}>
                    Print
                  </Button>
                </div>
                {value.hand && (
                  <p className="text-ink-soft text-note">
                    The link does not hold your own hand, but one of the others.
                  </p>
                )}
              </div>
            )}
          </div>
        </div>
        <div className="grid content-start gap-9 lg:row-span-2 print:hidden">
          <HandControl
            choice={value}
            read={run?.response.primeText}
            onChange={(choice, bringBack) => change(choice, undefined, bringBack)}
          />
          <RunControl device={device} place={where} />
        </div>
        <div className="grid content-start gap-x-14 gap-y-9 border-hairline sm:grid-cols-2 lg:border-t lg:pt-6 print:hidden">
          <WritingControl settings={value} onChange={(changes) => change(changes)} />
          <LookControl look={look} still={still} onChange={(changes) => setLook({ ...look, ...changes })} />
        </div>
      </div>

      <div className="print:hidden">
        <MorePanels
          panels={[
            {
              value: "download",
              label: "Download",
              content: <DownloadPanel response={run?.response} look={look} colors={colors} />,
            },
            {
              value: "program",
              label: "From a program",
              content: (
                <ProgramPanel
                  snippets={(origin) =>
                    programSnippets(
                      origin,
                      { ...value, text: replaceUnsupported(value.text) },
                      value.hand !== undefined,
                    )
                  }
                />
              ),
            },
            { value: "history", label: "History", content: <WritingHistory onOpen={open} /> },
          ]}
          value={panel}
          onValueChange={setPanel}
          onHelp={() => setHelp(true)}
        />
      </div>
      {help && <ShortcutsDialog shortcuts={SHORTCUTS} photo={false} onClose={() => setHelp(false)} />}
    </>
  );
}
