"use client";

import Image from "next/image";
import { type ReactNode, type RefObject, useState } from "react";
import type { CaptionToken } from "@/lib/captioning/pipeline";
import { AttentionLayer } from "@/lib/ui/attention-layer";
import { useGaze } from "@/lib/ui/use-gaze";

/** A still picture over the video. */
export interface Still {
  readonly url: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/** PTB splits clitics off ("dog 's"); they are shown joined to their word. */
const CLITIC = /^('[a-z]+|n't)$/;

/**
 * The picture, as large as fits, and the caption over it.
 *
 * @param still - shown instead of the video
 * @param controls - whether the video has the browser's controls, above which the caption then stands
 * @param shimmer - whether the picture shows for each word where the model looked
 * @param children - what is being done, over the upper edge
 */
export function Stage({
  video,
  still,
  controls,
  words,
  shimmer,
  largeType,
  busy,
  children,
}: {
  video: RefObject<HTMLVideoElement | null>;
  still: Still | undefined;
  controls: boolean;
  words: readonly CaptionToken[];
  shimmer: boolean;
  largeType: boolean;
  busy: boolean;
  children?: ReactNode;
}) {
  const [size, setSize] = useState({ width: 4, height: 3 });
  const sentence = words.map(({ text }) => text).join(" ");
  const [active] = useGaze(sentence, shimmer ? words.length : 0);
  const { width, height } = still ?? size;
  const aspectRatio = width / height;
  const readSize = ({ currentTarget: { videoWidth, videoHeight } }: { currentTarget: HTMLVideoElement }) => {
    if (videoWidth > 0) setSize({ width: videoWidth, height: videoHeight });
  };
  return (
    <figure aria-label="The live picture and its caption" aria-busy={busy}>
      <div
        className="relative max-w-full overflow-hidden bg-board"
        style={{ aspectRatio, width: `calc(max(66dvh, 20rem) * ${aspectRatio})` }}
      >
        <video
          ref={video}
          muted
          playsInline
          controls={controls}
          aria-label="What is being captioned"
          onLoadedMetadata={readSize}
          onResize={readSize}
          className={`size-full object-contain ${still ? "invisible" : ""}`}
        />
        {still && (
          <Image
            key={still.url}
            src={still.url}
            alt={still.alt}
            width={still.width}
            height={still.height}
            unoptimized
            loading="eager"
            className="absolute inset-0 size-full object-contain"
          />
        )}
        {shimmer && <AttentionLayer attention={(active !== null && words[active]?.attention) || null} opacity={0.6} />}
        {children && <div className="absolute inset-x-0 top-0 bg-paper/92 px-4 py-2">{children}</div>}
        {/* Dark by day as well: it stands on any picture. */}
        <figcaption
          className={`absolute inset-x-0 text-balance bg-board/86 text-center font-serif text-chalk leading-[1.16] ${controls ? "bottom-14" : "bottom-0"} ${
            largeType
              ? "px-4 py-4 text-[clamp(2rem,7.5vw,5rem)]"
              : "px-4 py-3 text-[clamp(1.25rem,0.9rem+1.6vw,2.125rem)]"
          } ${words.length === 0 ? "hidden" : ""}`}
        >
          {words.map(({ text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice, and words never move
            <span key={index}>
              {index > 0 && !CLITIC.test(text) && " "}
              <span className={shimmer && index === active ? "text-[#ff9a5c]" : ""}>{text}</span>
            </span>
          ))}
        </figcaption>
      </div>
    </figure>
  );
}
