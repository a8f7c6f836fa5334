"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { MAX_SENTENCE_LENGTH } from "@/lib/stories/options";
import { MorePanels } from "@/lib/ui/more-panels";
import { Problem } from "@/lib/ui/problem";
import type { ModelDownload } from "@/lib/ui/run/downloads";
import { PLACES } from "@/lib/ui/run/measured-times";
import { createQueryClient } from "@/lib/ui/run/query-client";
import { RunControl } from "@/lib/ui/run/run-control";
import { useDevice } from "@/lib/ui/run/use-device";
import { usePlace } from "@/lib/ui/run/use-place";
import { useHydrated } from "@/lib/ui/use-hydrated";
import { useLinked } from "@/lib/ui/use-linked";
import { useShortcuts } from "@/lib/ui/use-shortcuts";
import { Answer } from "./answer";
import type { Example } from "./example";
import { Explanation } from "./explanation";
import { NewStory } from "./new-story";
import { programSnippets } from "./program-snippets";
import { formatShared, parseShared, type SharedSettings } from "./settings";
import { Status } from "./status";
import { hasWord, toAsked } from "./story";
import { StoryEditor } from "./story-editor";
import { answerKey, useAnswer } from "./use-answer";
import { useStory } from "./use-story";

// Loaded when they are opened.
const ShortcutsDialog = dynamic(() => import("@/lib/ui/shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});
const ProgramPanel = dynamic(() => import("@/lib/ui/run/program-panel").then((module) => module.ProgramPanel), {
  ssr: false,
});

const SHORTCUTS = [
  ["/", "Go to the question"],
  ["N", "Tell a new story"],
  ["B", "Take back the last change"],
  ["Enter", "In the question: ask it at once"],
  ["Enter", "In a sentence: begin another one after it"],
  ["Backspace", "In an empty sentence: remove it"],
  ["↑ ↓", "In a sentence: go to the one before or after it"],
] as const;

const loadReader: typeof import("./device-reader").loadDeviceReader = async (...options) =>
  (await import("./device-reader")).loadDeviceReader(...options);

export interface ReaderProps {
  readonly models: readonly ModelDownload[];
  /** What the link says. */
  readonly shared: SharedSettings;
  /** With an answer that was made in advance. */
  readonly example: Example;
}

export function Reader(props: ReaderProps) {
  const shared = useLinked(props.shared, parseShared);
  return <Linked key={shared === props.shared ? "rendered" : "linked"} {...props} shared={shared} />;
}

function Linked(props: ReaderProps) {
  const [client] = useState(() => {
    const created = createQueryClient();
    const { response } = props.example;
    for (const place of PLACES) {
      created.setQueryData(answerKey(place, toAsked(props.example)), { response, place: "server" });
    }
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Workspace {...props} />
    </QueryClientProvider>
  );
}

function Workspace({ models, shared, example }: ReaderProps) {
  const story = useStory({
    story: shared.story ?? example.story,
    question: shared.question ?? example.question,
  });
  const hydrated = useHydrated();
  const [panel, setPanel] = useState<string>();
  const [help, setHelp] = useState(false);
  const device = useDevice(models, loadReader);
  const where = usePlace(shared.runOn, "inkling.stories.measured", device);
  const { place } = where;
  const asked = toAsked(story.asked);
  const answer = useAnswer(asked, place, device, where.addRun);
  const { run, current } = answer;

  const stop = () => {
    device.cancelLoad();
    answer.stop();
  };
  useShortcuts({ onStop: stop, onHelp: () => setHelp(true) });

  const query = asked && formatShared(asked, where.choice);
  const shareUrl = query === undefined ? undefined : () => new URL(`/stories?${query}`, location.href).href;
  // The sentences that are asked about are those with a word in them.
  const hops = current && run && story.settled ? run.response.hops : undefined;

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <StoryEditor
          sentences={story.text.story}
          hops={hops}
          canUndo={story.canUndo}
          onChange={story.changeStory}
          onUndo={story.undo}
        />
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8">
          <label className="block">
            <span className="font-serif text-xl">Your question</span>
            <span className="block text-ink-soft text-note">
              In plain words, as in “Where is the milk?” or “Is John in the garden?”, of at most {MAX_SENTENCE_LENGTH}{" "}
              characters.
            </span>
            <textarea
              rows={1}
              value={story.text.question}
              maxLength={MAX_SENTENCE_LENGTH}
              readOnly={!hydrated}
              aria-keyshortcuts="/"
              autoComplete="off"
              spellCheck={false}
              className="mt-2 field-sizing-content w-full resize-none border-ink/40 border-b bg-transparent py-1.5 font-serif text-2xl"
              onChange={({ target }) => story.changeQuestion(target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                event.preventDefault();
                story.settle();
              }}
            />
          </label>
          {answer.error && <Problem error={answer.error} onRetry={answer.start} />}
          <Status
            missing={
              !story.asked.story.some(hasWord)
                ? "A story needs a sentence."
                : asked === undefined
                  ? "A question needs a word."
                  : undefined
            }
            settled={story.settled}
            place={place}
            answer={answer}
            deviceState={device.state}
            onStop={stop}
          />
          {run && asked && (
            <Answer
              run={run}
              asked={asked}
              expected={current && story.settled ? story.expected : undefined}
              busy={!current}
              shareUrl={shareUrl}
            />
          )}
          <NewStory onTold={story.tell} />
          <RunControl device={device} place={where} />
        </div>
      </div>

      <Explanation />
      <MorePanels
        panels={[
          {
            value: "program",
            label: "From a program",
            content: <ProgramPanel snippets={(origin) => programSnippets(origin, asked ?? story.text)} />,
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
