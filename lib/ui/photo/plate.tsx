"use client";

import Image from "next/image";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { AttentionLayer } from "../attention-layer";
import type { Photo } from "./photo";

/** Whether a photo is so tall that what is said about it stands beside it, where there is room. */
export const isUpright = ({ width, height }: Photo) => width / height < 0.85;

/**
 * The photo on screen, as large as fits there with what is said about it, and over it where the model looked. Another photo
 * is brought into sight, wherever on the page it was chosen.
 *
 * @param attention - [49], row by row; null shows the photo as it is
 * @param opacity - of the attention, 0 to 1
 * @param children - what is being done with the photo, over its lower edge
 */
export function Plate({
  photo,
  alt,
  attention,
  opacity,
  children,
}: {
  photo: Photo;
  alt: string;
  attention: readonly number[] | null;
  opacity: number;
  children?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef(photo.id);
  const [opening] = useState(photo.id);
  useEffect(() => {
    // Not the photo that the page opens with: what the visitor sees first is the page's top.
    if (photo.id !== seen.current) box.current?.scrollIntoView({ block: "nearest" });
    seen.current = photo.id;
  }, [photo.id]);
  const aspectRatio = photo.width / photo.height;
  return (
    <div
      ref={box}
      className="relative max-w-full bg-paper-deep"
      style={{ aspectRatio, width: `calc(max(${isUpright(photo) ? 70 : 60}dvh, 20rem) * ${aspectRatio})` }}
    >
      <Image
        src={photo.url}
        alt={alt}
        width={photo.width}
        height={photo.height}
        // What the page opens with comes as small as the screen; one that is chosen is fetched whole, for the model.
        unoptimized={photo.id !== opening || !photo.url.startsWith("/samples/")}
        sizes="(min-width: 64rem) 60vw, 100vw"
        loading="eager"
        fetchPriority="high"
        className="size-full"
      />
      <AttentionLayer attention={attention} opacity={opacity} />
      {children && <div className="absolute inset-x-0 bottom-0 bg-paper/92 px-4 py-2">{children}</div>}
    </div>
  );
}
