"use client";

import { Tabs } from "@base-ui/react/tabs";
import { QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useCallback, useState } from "react";
import { Button } from "@/lib/ui/button";
import { Problem } from "@/lib/ui/problem";
import { useStoredState } from "@/lib/ui/use-stored-state";
import { Answer } from "./answer";
import { FolderPanel } from "./folder-panel";
import type { HistoryEntry } from "./history-store";
import { addTime, fasterPlace, PLACES, type Place, parseTimes } from "./measured-times";
import { type Photo, samplePhoto } from "./photo";
import { PhotoControl } from "./photo-control";
import { RunControl } from "./run-control";
import { findSample, type Sample } from "./samples";
import { SearchControl } from "./search-control";
import { DEFAULT_SETTINGS, formatShared, RUN_ON, type RunOn, type SharedSettings } from "./settings";
import { Status } from "./status";
import { type CaptionRun, captioningKey, useCaptioning } from "./use-captioning";
import { type ModelDownload, useDevice } from "./use-device";
import { useFolder } from "./use-folder";
import { usePageInput } from "./use-page-input";
import { usePhoto } from "./use-photo";
import { useShortcuts } from "./use-shortcuts";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("./shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("./program-panel").then((module) => module.ProgramPanel), { ssr: false });
const HistoryPanel = dynamic(() => import("./history-panel").then((module) => module.HistoryPanel), { ssr: false });

const PANELS = [
  ["folder", "A folder of photos"],
  ["program", "From a program"],
  ["history", "History"],
] as const;

const parseRunOn = (stored: string | null): RunOn => RUN_ON.find((each) => each === stored) ?? "auto";

export interface CaptionerProps {
  readonly download: ModelDownload;
  readonly sample: Sample;
  readonly shared: SharedSettings;
  /** The sample's answer, made in advance; absent where the link asks for other settings than it was made with. */
  readonly example?: CaptionRun;
}

export function Captioner({ sample, shared, example, download }: CaptionerProps) {
  const [client] = useState(() => {
    const created = new QueryClient({
      defaultOptions: {
        // An answer to the same question about the same photo does not change.
        queries: {
          staleTime: Number.POSITIVE_INFINITY,
          retry: false,
          refetchOnWindowFocus: false,
          refetchOnReconnect: false,
        },
      },
    });
    if (example) {
      for (const place of PLACES) created.setQueryData(captioningKey(samplePhoto(sample), place, shared), example);
    }
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Workspace sample={sample} shared={shared} download={download} />
    </QueryClientProvider>
  );
}

function Workspace({ sample, shared, download }: CaptionerProps) {
  const client = useQueryClient();
  const photos = usePhoto(samplePhoto(sample));
  const [settings, setSettings] = useState({ beamWidth: shared.beamWidth, count: shared.count, rerank: shared.rerank });
  const [panel, setPanel] = useState<string>("folder");
  const [help, setHelp] = useState(false);
  const device = useDevice(download);

  const [remembered, remember] = useStoredState("inkling.runOn", parseRunOn);
  // A link says where to run until the visitor says otherwise.
  const [linked, setLinked] = useState(shared.runOn);
  const choice = linked ?? remembered;
  const [measured, storeMeasured] = useStoredState("inkling.measured", parseTimes);
  const wanted: Place = choice === "auto" ? fasterPlace(measured) : choice;
  // Nothing is downloaded unasked: until the model is here the server answers.
  const here = device.state.status === "ready" || (device.missingBytes === 0 && device.state.status !== "failed");
  const place: Place = wanted === "device" && here ? "device" : "server";

  const onRun = useCallback(
    (run: CaptionRun) => {
      if (run.milliseconds !== undefined && !run.fallback) {
        storeMeasured(JSON.stringify(addTime(measured, run.place, run.milliseconds)));
      }
    },
    [measured, storeMeasured],
  );
  const captioning = useCaptioning({ photo: photos.photo, settings, place, device, wait: photos.reading, onRun });
  const folder = useFolder(settings, place, device);

  const choose = (next: RunOn) => {
    setLinked(undefined);
    remember(next);
  };

  const takeFiles = (files: File[]) => {
    const [first] = files;
    if (files.length === 1 && first) return void photos.takeFile(first, first.name);
    setPanel("folder");
    void folder.start(files);
  };
  const hovering = usePageInput(takeFiles, photos.takeAddress);

  const stop = () => {
    photos.cancel();
    device.cancelLoad();
    folder.stop();
    void captioning.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setHelp(true) });

  const open = (entry: HistoryEntry) => {
    const known = entry.sample ? findSample(entry.sample) : undefined;
    const photo: Photo = known
      ? samplePhoto(known)
      : {
          id: entry.id,
          name: entry.name,
          url: URL.createObjectURL(entry.picture),
          width: entry.width,
          height: entry.height,
          read: async () => entry.picture,
        };
    const { response, milliseconds, place: ranAt } = entry;
    client.setQueryData<CaptionRun>(captioningKey(photo, place, entry.settings), {
      response,
      milliseconds,
      place: ranAt,
    });
    setSettings({ ...DEFAULT_SETTINGS, ...entry.settings });
    photos.show(photo);
    document.getElementById("main")?.scrollIntoView();
  };

  const shareUrl = () =>
    new URL(`/captioning?${formatShared({ ...settings, photo: photos.photo.sample, runOn: choice })}`, location.href)
      .href;
  const shown = photos.photo.sample ? findSample(photos.photo.sample) : undefined;
  const error = photos.error ?? captioning.error;

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-10 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          <Answer
            photo={photos.photo}
            alt={shown?.title ?? `Your photo ${photos.photo.name}`}
            run={captioning.run}
            busy={captioning.running || photos.reading}
            shareUrl={shareUrl}
          />
          <Status
            photo={photos.photo}
            reading={photos.reading}
            place={place}
            captioning={captioning}
            deviceState={device.state}
            onStop={stop}
          />
          {error && (
            <div className="mt-7">
              <Problem error={error}>
                {!photos.error && (
                  <Button className="mt-3" onClick={captioning.start}>
                    Try again
                  </Button>
                )}
              </Problem>
            </div>
          )}
        </div>
        <div className="grid content-start gap-9">
          <PhotoControl
            sample={photos.photo.sample}
            onFiles={takeFiles}
            onAddress={photos.takeAddress}
            onSample={(next) => photos.show(samplePhoto(next))}
          />
          <RunControl
            choice={choice}
            place={place}
            measured={measured}
            device={device}
            onChoose={choose}
            onRunHere={() =>
              device.load().then(
                () => choose("device"),
                () => {
                  // Cancelled, or failed: `device.state` says which.
                },
              )
            }
          />
          <SearchControl settings={settings} onChange={setSettings} />
        </div>
      </div>

      <Tabs.Root value={panel} onValueChange={setPanel} className="mt-16 border-hairline border-t pt-5">
        <div className="flex items-baseline gap-x-8">
          <Tabs.List aria-label="More" className="flex flex-wrap gap-x-8 gap-y-1">
            {PANELS.map(([value, label]) => (
              <Tabs.Tab key={value} value={value} className="font-serif text-ink-soft text-xl data-active:text-ink">
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {/* Of no use where there are no keys. */}
          <span className="ml-auto hidden sm:inline">
            <Button look="text" aria-keyshortcuts="?" onClick={() => setHelp(true)}>
              Keyboard
            </Button>
          </span>
        </div>
        <Tabs.Panel value="folder" className="mt-5">
          <FolderPanel folder={folder} />
        </Tabs.Panel>
        <Tabs.Panel value="program" className="mt-5">
          <ProgramPanel file={photos.photo.name} settings={settings} />
        </Tabs.Panel>
        <Tabs.Panel value="history" className="mt-5">
          <HistoryPanel onOpen={open} />
        </Tabs.Panel>
      </Tabs.Root>

      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
      {hovering && (
        <div className="pointer-events-none fixed inset-3 z-30 grid place-items-center border-2 border-ink border-dashed bg-paper/90">
          <p className="font-serif text-title">Drop it here</p>
        </div>
      )}
    </>
  );
}
