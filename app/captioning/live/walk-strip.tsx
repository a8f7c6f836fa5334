"use client";

import Image from "next/image";
import { memo } from "react";
import { formatTime } from "@/lib/captioning/live/walk";

export interface StripItem {
  readonly id: number;
  readonly time: number;
  readonly caption: { readonly text: string };
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/**
 * What was seen, the newest first, each with its time: chosen ones are shown again.
 *
 * @param onChoose - must not change between renders
 */
export function WalkStrip({
  items,
  chosen,
  onChoose,
}: {
  items: readonly StripItem[];
  chosen: number | undefined;
  onChoose: (id: number) => void;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long strip is scrolled by keyboard too
    <section aria-label="The walk’s captions" tabIndex={0} className="overflow-x-auto pb-3">
      <ol aria-label="Captions with their times, the newest first" className="flex gap-4">
        {items.toReversed().map((item) => (
          <StripFrame key={item.id} item={item} chosen={item.id === chosen} onChoose={onChoose} />
        ))}
      </ol>
    </section>
  );
}

/** By itself: a new frame renders one of hundreds. */
const StripFrame = memo(function StripFrame({
  item: { id, time, caption, url, width, height },
  chosen,
  onChoose,
}: {
  item: StripItem;
  chosen: boolean;
  onChoose: (id: number) => void;
}) {
  return (
    <li className="w-36 shrink-0 [contain-intrinsic-size:9rem_11rem] [content-visibility:auto]">
      <button type="button" aria-pressed={chosen} onClick={() => onChoose(id)} className="group block w-full text-left">
        <Image
          src={url}
          alt=""
          width={width}
          height={height}
          unoptimized
          className="aspect-4/3 w-full object-cover group-aria-pressed:outline-2 group-aria-pressed:outline-ink group-aria-pressed:-outline-offset-2"
        />
        <span className="numbers mt-1.5 block text-ink-soft text-note">{formatTime(time)}</span>
        <span className="line-clamp-3 block font-serif text-base leading-snug group-hover:underline">
          {caption.text}
        </span>
      </button>
    </li>
  );
});
