"use client";

import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { describeAttention } from "@/lib/ui/attention-map";
import { MorePanels } from "@/lib/ui/more-panels";
import { DropOverlay } from "@/lib/ui/photo/drop-overlay";
import { HANDED } from "@/lib/ui/photo/handed-photo";
import { type Photo, samplePhoto } from "@/lib/ui/photo/photo";
import { PhotoControl } from "@/lib/ui/photo/photo-control";
import { Plate } from "@/lib/ui/photo/plate";
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
import { Slider } from "@/lib/ui/slider";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { splitQuestion } from "@/lib/vqa/question";
import { Answer } from "./answer";
import type { AnswerEntry } from "./history-panel";
import { programSnippets } from "./program-snippets";
import { QuestionField } from "./question-field";
import { formatShared, parseShared, type SharedSettings } from "./settings";
import { Status } from "./status";
import { type AnswerRun, answerKey, useAnswer } from "./use-answer";
import { useQuestion } from "./use-question";
import { useRemembered } from "./use-remembered";
import { useSuggestions } from "./use-suggestions";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const VocabularyDialog = dynamic(() => import("./vocabulary-dialog").then((module) => module.VocabularyDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});
const AnswerHistory = dynamic(() => import("./history-panel").then((module) => module.AnswerHistory), { ssr: false });

const SHORTCUTS = [
  ["/", "Go to the question"],
  ["Enter", "Ask at once what you have typed"],
  ["B", "Take back the last change to the question"],
] as const;

/** What a photo is asked that comes without questions of its own. */
const FIRST_QUESTION = "What is in the picture?";

const loadAnswerer: typeof import("./device-answerer").loadDeviceAnswerer = async (...options) =>
  (await import("./device-answerer")).loadDeviceAnswerer(...options);

export interface QuestionerProps {
  readonly models: readonly ModelDownload[];
  readonly sample: Sample;
  readonly question: string;
  /** What the link says. */
  readonly shared: SharedSettings;
  /** The answer, made in advance; absent where the link asks another question than it was made for. */
  readonly example?: AnswerRun;
  /** For each sample, by its id: questions that fit it, the one it opens with first. */
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
}

export function Questioner(props: QuestionerProps) {
  const shared = useLinked(props.shared, parseShared);
  if (shared === props.shared) return <Linked {...props} />;
  const sample = (shared.photo && findSample(shared.photo)) || props.sample;
  const question = shared.question ?? props.suggestions[sample.id]?.[0] ?? FIRST_QUESTION;
  return <Linked key="linked" {...props} {...{ shared, sample, question }} example={undefined} />;
}

function Linked(props: QuestionerProps) {
  const { sample, question, example } = props;
  const [client] = useState(() => {
    const created = createQueryClient();
    if (example) {
      for (const place of PLACES) created.setQueryData(answerKey(samplePhoto(sample), place, question), example);
    }
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Workspace {...props} />
    </QueryClientProvider>
  );
}

function Workspace({ sample, question: initial, shared, models, suggestions: bySample }: QuestionerProps) {
  const client = useQueryClient();
  /** Whether another page of this app hands it a photo. */
  const handed = shared.photo === HANDED;
  const photos = usePhoto(samplePhoto(sample));
  const { photo } = photos;
  const question = useQuestion(initial, photo, ({ sample: id }) => (id && bySample[id]?.[0]) || FIRST_QUESTION);
  const [opacity, setOpacity] = useState(0.6);
  const [panel, setPanel] = useState<string>();
  const [dialog, setDialog] = useState<"keyboard" | "vocabulary">();
  const device = useDevice(models, loadAnswerer);
  const where = usePlace(shared.runOn, "inkling.vqa.measured", device);
  const { place } = where;
  const answer = useAnswer({
    photo,
    question: question.asked,
    place,
    device,
    wait: photos.reading,
    onRun: where.addRun,
  });
  const { run, current } = answer;
  const suggestions = useSuggestions({
    session: answer.session,
    place,
    device,
    known: photo.sample === undefined ? undefined : bySample[photo.sample],
    wait: !current,
  });
  const remembered = useRemembered(photo, question.asked, question.finished && current ? run : undefined);

  const takeFiles = ([file]: File[]) => {
    if (file) void photos.takeFile(file, file.name);
  };
  const hovering = usePageInput(takeFiles, photos.takeAddress);
  const { takeFile } = photos;
  useEffect(() => {
    if (!handed) return;
    const given = import("@/lib/ui/photo/handed-photo").then(({ takePhoto }) => takePhoto());
    void takeFile(given, "frame.jpg");
  }, [handed, takeFile]);

  const stop = () => {
    photos.cancel();
    device.cancelLoad();
    answer.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setDialog("keyboard") });

  const open = (entry: AnswerEntry, opened: Photo) => {
    const { response, milliseconds, place: ranAt, settings } = entry;
    const earlier: AnswerRun = { response, milliseconds, place: ranAt };
    remembered.skip(earlier);
    client.setQueryData<AnswerRun>(answerKey(opened, place, settings.question), earlier);
    question.ask(settings.question, opened);
    photos.show(opened);
    document.getElementById("main")?.scrollIntoView();
  };

  const shareUrl = () =>
    new URL(
      `/vqa?${formatShared({ question: question.asked, photo: photo.sample, runOn: where.choice })}`,
      location.href,
    ).href;
  const shown = photo.sample ? findSample(photo.sample) : undefined;
  const attention = run?.response.attention;
  const error = photos.error ?? answer.error;

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)] lg:grid-rows-[auto_1fr]">
        <figure aria-label="The photo">
          <Plate
            photo={photo}
            alt={shown?.title ?? `Your photo ${photo.name}`}
            attention={attention ?? null}
            opacity={opacity}
          />
          <figcaption className="mt-3 grid grid-cols-[1fr_9rem] items-start gap-x-8 sm:grid-cols-[1fr_14rem]">
            <p className="text-ink-soft text-note">
              {attention ? (
                <>
                  It looked at <span className="text-seen">{describeAttention(attention)}</span>.
                </>
              ) : (
                "Where it looks stays bright."
              )}
              {photo.note && ` ${photo.note}`}
            </p>
            <Slider
              label="Heat map"
              value={Math.round(opacity * 100)}
              min={0}
              max={100}
              step={5}
              format={(value) => `${value} %`}
              onChange={(value) => setOpacity(value / 100)}
            />
          </figcaption>
        </figure>

        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8 lg:row-span-2">
          <QuestionField
            question={question.text}
            suggestions={suggestions}
            canUndo={question.canUndo}
            onType={question.type}
            onFinish={question.finish}
            onSuggestion={question.ask}
            onUndo={question.undo}
            onVocabulary={() => setDialog("vocabulary")}
          />
          {error && <Problem error={error} onRetry={photos.error ? undefined : answer.start} />}
          <Status
            asked={splitQuestion(question.asked).length > 0}
            finished={question.finished}
            reading={photos.reading}
            place={place}
            answer={answer}
            deviceState={device.state}
            onStop={stop}
          />
          {run && (
            <Answer
              photoName={photo.name}
              question={question.asked}
              run={run}
              typing={!question.finished}
              busy={!current || photos.reading}
              shareUrl={shareUrl}
            />
          )}
        </div>

        <div className="grid content-start gap-9">
          <PhotoControl
            sample={photo.sample}
            wide
            onFiles={takeFiles}
            onAddress={photos.takeAddress}
            onSample={(next) => photos.show(samplePhoto(next))}
          />
          <div className="max-w-sm">
            <RunControl device={device} place={where} />
          </div>
        </div>
      </div>

      <MorePanels
        panels={[
          {
            value: "program",
            label: "From a program",
            content: <ProgramPanel snippets={(origin) => programSnippets(origin, photo.name, question.asked)} />,
          },
          { value: "history", label: "History", content: <AnswerHistory onOpen={open} /> },
        ]}
        value={panel}
        onValueChange={setPanel}
        onHelp={() => setDialog("keyboard")}
      />

      {dialog === "keyboard" && <ShortcutsDialog shortcuts={SHORTCUTS} onClose={() => setDialog(undefined)} />}
      {dialog === "vocabulary" && <VocabularyDialog onClose={() => setDialog(undefined)} />}
      {hovering && <DropOverlay />}
    </>
  );
}
