"use client";

import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { isReranked } from "@/lib/captioning/options";
import { MorePanels } from "@/lib/ui/more-panels";
import { DropOverlay } from "@/lib/ui/photo/drop-overlay";
import { type Photo, samplePhoto } from "@/lib/ui/photo/photo";
import { PhotoControl } from "@/lib/ui/photo/photo-control";
import { findSample, type Sample } from "@/lib/ui/photo/samples";
import { usePageInput } from "@/lib/ui/photo/use-page-input";
import { usePhoto } from "@/lib/ui/photo/use-photo";
import { Problem } from "@/lib/ui/problem";
import type { ModelDownload } from "@/lib/ui/run/downloads";
import { PLACES } from "@/lib/ui/run/measured-times";
import { createQueryClient } from "@/lib/ui/run/query-client";
import { RunControl } from "@/lib/ui/run/run-control";
import { useDevice } from "@/lib/ui/run/use-device";
import { usePlace } from "@/lib/ui/run/use-place";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { Answer } from "./answer";
import { FolderPanel } from "./folder-panel";
import type { CaptionEntry } from "./history-panel";
import { programSnippets } from "./program-snippets";
import { SearchControl } from "./search-control";
import { DEFAULT_SETTINGS, formatShared, parseShared, type SharedSettings } from "./settings";
import { LiveStatus, progressOf } from "./status";
import { type CaptionRun, captioningKey, useCaptioning } from "./use-captioning";
import { useFolder } from "./use-folder";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});
const CaptionHistory = dynamic(() => import("./history-panel").then((module) => module.CaptionHistory), {
  ssr: false,
});

const loadCaptioner: typeof import("./device-captioner").loadDeviceCaptioner = async (...options) =>
  (await import("./device-captioner")).loadDeviceCaptioner(...options);

export interface CaptionerProps {
  readonly models: readonly ModelDownload[];
  readonly sample: Sample;
  readonly shared: SharedSettings;
  /** The sample's answer, made in advance; absent where the link asks for other settings than it was made with. */
  readonly example?: CaptionRun;
}

export function Captioner(props: CaptionerProps) {
  const shared = useLinked(props.shared, parseShared);
  if (shared === props.shared) return <Linked {...props} />;
  const sample = (shared.photo && findSample(shared.photo)) || props.sample;
  return <Linked key="linked" models={props.models} sample={sample} shared={shared} />;
}

function Linked({ sample, shared, example, models }: CaptionerProps) {
  const [client] = useState(() => {
    const created = createQueryClient();
    if (example) {
      for (const place of PLACES) created.setQueryData(captioningKey(samplePhoto(sample), place, shared), example);
    }
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Workspace sample={sample} shared={shared} models={models} />
    </QueryClientProvider>
  );
}

function Workspace({ sample, shared, models }: CaptionerProps) {
  const client = useQueryClient();
  const photos = usePhoto(samplePhoto(sample));
  const { photo } = photos;
  const [settings, setSettings] = useState({ beamWidth: shared.beamWidth, count: shared.count, rerank: shared.rerank });
  const [panel, setPanel] = useState("folder");
  const [help, setHelp] = useState(false);
  const device = useDevice(models, loadCaptioner);
  const where = usePlace(shared.runOn, "inkling.measured", device);
  const { place } = where;
  const captioning = useCaptioning({ photo, settings, place, device, wait: photos.reading, onRun: where.addRun });
  const folder = useFolder(settings, place, device);

  const takeFiles = (files: File[]) => {
    const [first] = files;
    if (files.length === 1 && first) return void photos.takeFile(first, first.name);
    setPanel("folder");
    document.getElementById("more")?.scrollIntoView();
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

  const open = (entry: CaptionEntry, opened: Photo) => {
    const { response, milliseconds, place: ranAt } = entry;
    client.setQueryData<CaptionRun>(captioningKey(opened, place, entry.settings), {
      response,
      milliseconds,
      place: ranAt,
    });
    setSettings({ ...DEFAULT_SETTINGS, ...entry.settings });
    photos.show(opened);
    document.getElementById("main")?.scrollIntoView();
  };

  const shareUrl = () =>
    new URL(`/captioning?${formatShared({ ...settings, photo: photo.sample, runOn: where.choice })}`, location.href)
      .href;
  const shown = photo.sample ? findSample(photo.sample) : undefined;
  const error = photos.error ?? captioning.error;
  const doing = { reading: photos.reading, place, captioning };

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-10 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          {error && (
            <div className="mb-7">
              <Problem error={error} onRetry={photos.error ? undefined : captioning.start} />
            </div>
          )}
          <Answer
            photo={photo}
            alt={shown?.title ?? `Your photo ${photo.name}`}
            run={captioning.run}
            busy={captioning.running || photos.reading}
            progress={progressOf({ ...doing, onStop: stop })}
            hurried={captioning.run?.response.reranked === false && isReranked(settings)}
            onRetry={captioning.start}
            shareUrl={shareUrl}
          />
          <LiveStatus {...doing} deviceState={device.state} />
        </div>
        <div className="grid content-start gap-9">
          <PhotoControl
            sample={photo.sample}
            onFiles={takeFiles}
            onAddress={photos.takeAddress}
            onSample={(next) => photos.show(samplePhoto(next))}
          />
          <RunControl device={device} place={where} />
          <SearchControl settings={settings} onChange={setSettings} />
        </div>
      </div>

      <MorePanels
        panels={[
          { value: "folder", label: "A folder of photos", content: <FolderPanel folder={folder} /> },
          {
            value: "program",
            label: "From a program",
            content: <ProgramPanel snippets={(origin) => programSnippets(origin, photo.name, settings)} />,
          },
          { value: "history", label: "History", content: <CaptionHistory onOpen={open} /> },
        ]}
        value={panel}
        onValueChange={setPanel}
        onHelp={() => setHelp(true)}
      />

      {help && <ShortcutsDialog words onClose={() => setHelp(false)} />}
      {hovering && <DropOverlay />}
    </>
  );
}
