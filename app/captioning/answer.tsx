"use client";

import { type ReactNode, useState } from "react";
import { AttendedWords } from "@/lib/ui/attended-words";
import { CopyButton } from "@/lib/ui/copy-button";
import { formatProbability } from "@/lib/ui/format";
import type { Photo } from "@/lib/ui/photo/photo";
import { isUpright, Plate } from "@/lib/ui/photo/plate";
import { RunReport } from "@/lib/ui/run/run-report";
import { Slider } from "@/lib/ui/slider";
import { useGaze } from "@/lib/ui/use-gaze";
import { Alternatives } from "./alternatives";
import { SaveResult } from "./save-result";
import type { CaptionRun } from "./use-captioning";

/** What passes between asking and answering, as the API's timings name it. */
const PARTS = [
  ["queue", "waiting"],
  ["decode", "decoding the photo"],
  ["encode", "seeing"],
  ["generate", "writing"],
] as const;

/** The plate: the photo, and under it the caption whose words say where the model looked. */
export function Answer({
  photo,
  alt,
  run,
  busy,
  progress,
  hurried,
  onRetry,
  shareUrl,
}: {
  photo: Photo;
  alt: string;
  run: CaptionRun | undefined;
  /** Whether another answer is on its way. */
  busy: boolean;
  /** What is being done with the photo, if anything. */
  progress: ReactNode;
  /** Whether the server was too busy to re-rank the captions, which was asked for. */
  hurried: boolean;
  onRetry: () => void;
  shareUrl: () => string;
}) {
  const upright = isUpright(photo);
  const [opacity, setOpacity] = useState(0.9);
  const [chosen, setChosen] = useState({ run, index: 0 });
  const index = chosen.run === run ? chosen.index : 0;
  const caption = run?.response.captions[index];
  const [active, setActive] = useGaze(caption, caption?.tokens.length ?? 0);
  const word = active === null ? undefined : caption?.tokens[active];

  return (
    <figure
      aria-label="The photo and its caption"
      aria-busy={busy}
      className={upright ? "items-end gap-x-10 lg:grid lg:grid-cols-[auto_minmax(0,1fr)]" : ""}
    >
      <Plate photo={photo} alt={alt} attention={word?.attention ?? null} opacity={opacity}>
        {progress}
      </Plate>

      {caption && (
        <figcaption className={`motion-safe:transition-opacity duration-200 ${busy ? "opacity-45" : ""}`}>
          <div className="mt-7 text-balance font-serif text-caption">
            <AttendedWords
              words={caption.tokens}
              active={active}
              onActiveChange={setActive}
              label={`Caption: ${caption.text}. Go along its words to see where the model looked`}
            />
          </div>
          <div
            className={`mt-4 grid items-start gap-x-10 gap-y-1 border-hairline border-t pt-3 ${upright ? "" : "sm:grid-cols-[1fr_14rem]"}`}
          >
            <p className="numbers min-h-5 text-ink-soft text-note">
              {word ? (
                <>
                  <span className="text-seen">{word.text}</span>, probability{" "}
                  {formatProbability(Math.exp(word.logProbability))} after the words before it
                </>
              ) : (
                "Go along the words, with the pointer, a finger or the arrow keys: the photo stays bright where the model looked."
              )}
            </p>
            <Slider
              label="Attention"
              value={Math.round(opacity * 100)}
              min={0}
              max={100}
              step={5}
              format={(value) => `${value} %`}
              onChange={(value) => setOpacity(value / 100)}
            />
          </div>
        </figcaption>
      )}

      {run && caption && (
        <div className={`col-span-2 duration-200 motion-safe:transition-opacity ${busy ? "opacity-45" : ""}`}>
          {photo.note && <p className="mt-4 text-ink-soft text-note">{photo.note}</p>}
          {hurried && (
            <p className="mt-4 text-ink-soft text-note">
              The server is busy with other visitors, so these captions are not re-ranked.{" "}
              <button type="button" className="underlined" onClick={onRetry}>
                Ask once more
              </button>
            </p>
          )}
          <RunReport run={run} parts={PARTS}>
            An example that the same model made in advance. Choose a photo of your own, or another sample, to see it
            work.
          </RunReport>
          <div className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
            <CopyButton text={caption.text}>Copy the caption</CopyButton>
            <SaveResult name={photo.name} response={run.response} />
            <CopyButton text={shareUrl}>Copy a link</CopyButton>
          </div>
          <Alternatives
            captions={run.response.captions}
            chosen={index}
            onChoose={(next) => setChosen({ run, index: next })}
          />
        </div>
      )}
    </figure>
  );
}
