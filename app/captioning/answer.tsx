"use client";

import Image from "next/image";
import { useState } from "react";
import { AttendedWords } from "@/lib/ui/attended-words";
import { AttentionLayer } from "@/lib/ui/attention-layer";
import { CopyButton } from "@/lib/ui/copy-button";
import { formatProbability } from "@/lib/ui/format";
import { Slider } from "@/lib/ui/slider";
import { useGaze } from "@/lib/ui/use-gaze";
import { Alternatives } from "./alternatives";
import type { Photo } from "./photo";
import { RunReport } from "./run-report";
import { SaveResult } from "./save-result";
import type { CaptionRun } from "./use-captioning";

/** The plate: the photo, and under it the caption whose words say where the model looked. */
export function Answer({
  photo,
  alt,
  run,
  busy,
  shareUrl,
}: {
  photo: Photo;
  alt: string;
  run: CaptionRun | undefined;
  /** Whether another answer is on its way. */
  busy: boolean;
  shareUrl: () => string;
}) {
  const aspectRatio = photo.width / photo.height;
  // A tall photo has its caption beside it, where there is room.
  const upright = aspectRatio < 0.85;
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
      <div
        className="relative max-w-full bg-paper-deep"
        // As large as fits on one screen with its caption.
        style={{ aspectRatio, width: `calc(max(${upright ? 70 : 60}dvh, 20rem) * ${aspectRatio})` }}
      >
        <Image
          src={photo.url}
          alt={alt}
          width={photo.width}
          height={photo.height}
          unoptimized
          loading="eager"
          fetchPriority="high"
          className="size-full"
        />
        <AttentionLayer attention={word?.attention ?? null} opacity={opacity} />
      </div>

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
          <RunReport run={run} />
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
