"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Caption } from "@/lib/captioning/pipeline";
import type { LoadProgress } from "@/lib/inference/engine";
import { Button } from "@/lib/ui/button";
import { type Sample, sampleUrl } from "@/lib/ui/photo/samples";
import { Problem } from "@/lib/ui/problem";
import { describeDevice } from "@/lib/ui/run/describe-device";
import type { ModelDownload } from "@/lib/ui/run/downloads";
import { createQueryClient } from "@/lib/ui/run/query-client";
import { useDevice } from "@/lib/ui/run/use-device";
import { useShortcuts, useShortcutsEnabled } from "@/lib/ui/use-shortcuts";
import type { LiveModel, LiveTask } from "./device-live";
import { KeepControl } from "./keep-control";
import { LiveReport } from "./live-report";
import { OptionsControl } from "./options-control";
import { useLiveSettings } from "./settings";
import { SourceControl } from "./source-control";
import { Stage } from "./stage";
import { useExample } from "./use-example";
import { useLive } from "./use-live";
import { useAnnounced, useCanSpeak, useSpeech } from "./use-speech";
import { useWalk } from "./use-walk";
import { WalkStrip } from "./walk-strip";

// Loaded when they are first shown.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const DownloadBar = dynamic(() => import("@/lib/ui/run/download-bar").then((module) => module.DownloadBar), {
  ssr: false,
});
const HeldPanel = dynamic(() => import("./held-panel").then((module) => module.HeldPanel), { ssr: false });

const SHORTCUTS = [
  ["C", "Start the camera"],
  ["O", "Choose a video"],
  ["Space", "Hold the picture, and let it go on"],
  ["Esc", "Stop; while a picture is held: let it go on"],
] as const;

const loaderOf =
  (task: LiveTask) =>
  async (signal: AbortSignal, onProgress: (progress: LoadProgress) => void): Promise<LiveModel> =>
    (await import("./device-live")).loadLiveModel(task, signal, onProgress);
const load = loaderOf("captioning.frame");
const loadQuick = loaderOf("captioning.quick-frame");

export interface Example {
  readonly sample: Sample;
  readonly caption: Caption;
}

export interface LiveCaptionerProps {
  readonly models: readonly ModelDownload[];
  /** The same with the small encoder; absent where the server has none. */
  readonly quickModels: readonly ModelDownload[] | undefined;
  /** Made in advance, to be seen before anything is started. */
  readonly examples: readonly [Example, ...Example[]];
}

export function LiveCaptioner(props: LiveCaptionerProps) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Workspace {...props} />
    </QueryClientProvider>
  );
}

function Workspace({ models, quickModels, examples }: LiveCaptionerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [settings, change] = useLiveSettings();
  const [help, setHelp] = useState(false);
  const walk = useWalk();
  const isQuick = settings.quick && quickModels !== undefined;
  const device = useDevice(isQuick ? quickModels : models, isQuick ? loadQuick : load);
  const live = useLive(video, device, { isQuick, steady: settings.steady, onEntry: walk.add });
  const { input, state, held, running, hidden } = live;
  const [opened, setOpened] = useState<number>();
  const [choice, setChoice] = useState({ held, index: 0 });

  const walked = walk.items.length > 0;
  const isExample = !input.source && !held && !walked;
  const example = useExample(examples.length, isExample);
  const shownExample = examples[example.index] ?? examples[0];
  const heldCaption = held?.captions[choice.held === held ? choice.index : 0];
  // Once it has ended, the walk's last picture stays.
  const last = input.source || held ? undefined : walk.items.at(-1);
  const caption = held ? heldCaption : isExample ? shownExample.caption : (last ?? state)?.caption;
  const still = held?.picture
    ? { ...held.picture, alt: `The held picture: ${caption?.text ?? ""}` }
    : isExample
      ? { ...shownExample.sample, url: sampleUrl(shownExample.sample), alt: shownExample.sample.title }
      : last && { ...last, alt: `The last picture: ${last.caption.text}` };

  const canSpeak = useCanSpeak();
  const speaking = settings.spoken && canSpeak && running;
  useSpeech(state?.caption.text, speaking);
  const announced = useAnnounced(speaking ? undefined : state?.caption.text);

  const goOn = () => {
    live.resume();
    setOpened(undefined);
  };
  useShortcuts({ onStop: held ? goOn : live.stop, onHelp: () => setHelp(true) });
  useSpace(() => {
    if (held) goOn();
    else if (state) void live.hold();
  });

  const chooseExample = useCallback((id: number) => example.choose(id - 1), [example.choose]);
  const { open } = live;
  const chooseEntry = useCallback(
    (id: number) => {
      const item = walk.items.find((each) => each.id === id);
      if (!item) return;
      open({ blob: item.frame, width: item.width, height: item.height }, item.caption);
      setOpened(id);
    },
    [walk.items, open],
  );

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-10 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          {live.error && (
            <div className="mb-7">
              <Problem error={live.error} />
            </div>
          )}
          <Stage
            video={video}
            still={still}
            controls={input.source?.kind === "file" && !held}
            words={caption?.tokens ?? []}
            shimmer={settings.shimmer}
            largeType={settings.largeType}
            busy={held !== undefined && !held.picture}
          >
            {input.opening ? (
              <p className="font-serif text-xl">Allow the picture when your browser asks…</p>
            ) : (
              device.state.status === "loading" && <DownloadBar device={device} />
            )}
          </Stage>
          {input.source && (
            <LiveReport
              state={state}
              device={device.state}
              waiting={!state && device.state.status === "ready"}
              paused={hidden}
            />
          )}
          <p role="status" className="sr-only">
            {describeDevice(device.state)} {announced && `Caption: ${announced}.`}
          </p>
          {isExample && (
            <p className="mt-4 text-ink-soft text-note">
              An example: sample photos, which the same model captioned in advance.{" "}
              <Button look="text" className="text-note" onClick={example.playing ? example.stop : example.play}>
                {example.playing ? "Stop here" : "Let it run"}
              </Button>
            </p>
          )}
          {held && (
            <HeldPanel
              held={held}
              chosen={choice.held === held ? choice.index : 0}
              onChoose={(index) => setChoice({ held, index })}
            />
          )}
        </div>
        <div className="grid content-start gap-9">
          <SourceControl live={{ ...live, resume: goOn }} missingBytes={device.missingBytes} />
          <OptionsControl
            settings={settings}
            canSpeak={canSpeak}
            canBeQuick={quickModels !== undefined}
            onChange={change}
          />
        </div>
      </div>

      <section aria-labelledby="walk" className="mt-14 border-hairline border-t pt-5">
        <div className="mb-4 flex flex-wrap items-baseline gap-x-6 gap-y-1">
          <h2 id="walk" className="mr-auto font-serif text-xl">
            The walk
          </h2>
          {walk.restore && (
            <Button look="text" aria-keyshortcuts="z" onClick={walk.restore}>
              Undo
            </Button>
          )}
          {walked && (
            <Button look="text" onClick={walk.clear}>
              Remove all
            </Button>
          )}
          <span className="hidden sm:inline">
            <Button look="text" aria-keyshortcuts="?" onClick={() => setHelp(true)}>
              Keyboard
            </Button>
          </span>
        </div>
        {isExample ? (
          <WalkStrip
            items={exampleItems(examples, example.timeOf)}
            chosen={example.index + 1}
            onChoose={chooseExample}
          />
        ) : walked ? (
          <WalkStrip items={walk.items} chosen={held ? opened : undefined} onChoose={chooseEntry} />
        ) : (
          <p className="text-ink-soft text-sm">Each caption that is shown stays here with its picture.</p>
        )}
        <div className="mt-5">
          <KeepControl
            items={walk.items}
            end={live.time}
            video={video}
            running={running}
            caption={caption?.text ?? ""}
            onKept={walk.markKept}
          />
        </div>
        <p className="mt-4 max-w-prose text-ink-soft text-note">
          Everything happens on this device: no picture leaves it, and the walk is gone with this page unless you keep
          it.
        </p>
      </section>

      {help && (
        <ShortcutsDialog shortcuts={SHORTCUTS} runs={false} photo={false} history onClose={() => setHelp(false)} />
      )}
    </>
  );
}

function exampleItems(examples: readonly Example[], timeOf: (index: number) => number) {
  return examples.map(({ sample, caption }, index) => ({
    id: index + 1,
    time: timeOf(index),
    caption,
    url: sampleUrl(sample),
    width: sample.width,
    height: sample.height,
  }));
}

/** What a space bar presses, types into or plays. */
const CONTROLS = "button, input, select, textarea, video";

/** The space bar, wherever it does nothing else and unless single keys are turned off. */
function useSpace(act: () => void): void {
  const [enabled] = useShortcutsEnabled();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("[role=dialog]")) return;
    const control = target.closest<HTMLElement>(CONTROLS);
    if (control) {
      // One that was merely clicked on is not what a space bar is meant for; one that was gone to by keys is.
      if (control.matches(":focus-visible, video")) return;
      control.blur();
    }
    event.preventDefault();
    if (!event.repeat) act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
