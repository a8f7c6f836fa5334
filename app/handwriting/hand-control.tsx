"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { HandwritingStyles } from "@/app/api/handwriting/schema";
import { Button } from "@/lib/ui/button";
import { fetchOwn } from "@/lib/ui/run/fetch-api";
import { saveFile } from "@/lib/ui/save-file";
import { type OwnHand, pathsOf, useOwnHand } from "./own-hand";
import { HAND_FILE } from "./program-snippets";
import { SampleText } from "./sample-text";

// Loaded when it is opened.
const PadDialog = dynamic(() => import("./pad-dialog").then((module) => module.PadDialog), { ssr: false });

/** Of the query of the hands. */
export const STYLES_KEY = ["styles"] as const;

/** In whose hand it is written. */
export interface HandChoice {
  readonly style: string | null | undefined;
  readonly hand?: OwnHand;
}

/** The hands to choose from: those that the model learned, nobody's, and one's own. */
export function HandControl({
  choice: { style, hand },
  read,
  onChange,
}: {
  choice: HandChoice;
  /** What was read in the visitor's own hand. */
  read: string | undefined;
  /** `bringBack` keeps the sample again that was kept before. */
  onChange: (choice: HandChoice, bringBack?: () => void) => void;
}) {
  const [writing, setWriting] = useState(false);
  const [removed, setRemoved] = useState(false);
  const own = useOwnHand();
  const styles = useQuery({
    queryKey: STYLES_KEY,
    queryFn: async ({ signal }): Promise<HandwritingStyles["styles"]> =>
      (await (await fetchOwn("/api/handwriting/styles", { signal })).json()).styles,
  });
  const chosen = hand ? undefined : style === undefined ? styles.data?.[0]?.id : style;
  const kept = hand ?? own.hand;

  const bringBack = kept && (() => own.keep(kept));

  const use = (next: OwnHand) => {
    own.keep(next);
    onChange({ style, hand: next }, bringBack);
  };
  const remove = () => {
    own.remove();
    setRemoved(true);
    onChange({ style, hand: undefined }, bringBack);
  };

  return (
    <fieldset className="min-w-0">
      <legend className="font-serif text-xl">In whose hand</legend>
      <div className="mt-3 grid grid-cols-2 gap-2 sm:grid-cols-4 lg:grid-cols-2">
        {styles.isPending && <p className="col-span-full text-ink-soft text-note">Fetching the hands…</p>}
        {styles.data?.map(({ id, name, preview }) => (
          <Hand key={id} name={name} checked={chosen === id} onChoose={() => onChange({ style: id, hand: undefined })}>
            <Preview svg={preview} />
          </Hand>
        ))}
        <Hand name="Nobody’s" checked={chosen === null} onChoose={() => onChange({ style: null, hand: undefined })}>
          <span className="text-ink-soft text-note">by chance</span>
        </Hand>
        {kept && (
          <Hand name="Yours" checked={hand !== undefined} onChoose={() => onChange({ style, hand: kept })}>
            <OwnPreview hand={kept} />
          </Hand>
        )}
      </div>
      {styles.error && (
        <p className="mt-2 text-ink-soft text-note">
          The hands could not be fetched.{" "}
          <Button look="text" className="text-note" onClick={() => void styles.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {hand && <SampleText hand={hand} read={read} onText={(text) => use({ ...hand, text })} />}
      <div className="mt-3 flex flex-wrap items-baseline gap-x-5">
        <Button className={kept ? "" : "w-full"} aria-keyshortcuts="h" onClick={() => setWriting(true)}>
          {kept ? "Write another sample" : "Your own hand"}
        </Button>
        {kept && (
          <>
            <Button
              look="text"
              className="text-note"
              onClick={() =>
                saveFile(
                  HAND_FILE,
                  "application/json",
                  JSON.stringify({ text: kept.text ?? read, strokes: kept.strokes }),
                )
              }
            >
              Download it
            </Button>
            <Button look="text" className="text-note" onClick={remove}>
              Remove it
            </Button>
          </>
        )}
      </div>
      <p className="mt-1.5 text-ink-soft text-note">
        {kept
          ? "Your sample is kept on this device alone, and is in no link."
          : removed
            ? "Your sample is removed. “Undo” under the text brings it back."
            : "Write a few words, and it goes on in your hand."}
      </p>
      {writing && (
        <PadDialog
          onClose={() => setWriting(false)}
          onHand={(next) => {
            setWriting(false);
            use(next);
          }}
        />
      )}
    </fieldset>
  );
}

function Hand({
  name,
  checked,
  onChoose,
  children,
}: {
  name: string;
  checked: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <label className="block min-w-0 cursor-pointer border border-hairline px-2.5 pt-1.5 pb-1 hover:border-ink/60 has-[:checked]:border-ink has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-ink has-[:focus-visible]:outline-offset-2">
      <input type="radio" name="hand" checked={checked} onChange={onChoose} className="sr-only" />
      <span aria-hidden className="grid h-9 place-items-center overflow-hidden">
        {children}
      </span>
      <span className={`block truncate text-note ${checked ? "text-ink" : "text-ink-soft"}`}>{name}</span>
    </label>
  );
}

/** As a mask, so that it has the colour of the page's ink; and a picture that comes from elsewhere runs no script. */
function Preview({ svg }: { svg: string }) {
  const address = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return <span className="size-full bg-ink" style={{ mask: `url("${address}") center / contain no-repeat` }} />;
}

function OwnPreview({ hand: { strokes } }: { hand: OwnHand }) {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return (
    <svg
      viewBox={`${left - 4} ${top - 4} ${wide + 8} ${high + 8}`}
      className="size-full fill-none stroke-ink"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth={1.5}
      aria-hidden="true"
    >
      {pathsOf(strokes).map((path) => (
        <path key={path} d={path} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
