"use client";

import { buttonClass } from "@/lib/ui/button";
import { CopyButton } from "@/lib/ui/copy-button";
import { givePhoto, HANDED } from "@/lib/ui/photo/handed-photo";
import { Alternatives } from "../alternatives";
import type { Held } from "./use-live";

/** What can be said and done of a held picture. */
export function HeldPanel({
  held: { picture, captions },
  chosen,
  onChoose,
}: {
  held: Held;
  chosen: number;
  onChoose: (index: number) => void;
}) {
  if (!picture) return <p className="mt-4 text-ink-soft text-note">Held. Looking at it with care…</p>;
  const give = () => {
    givePhoto(picture.blob).catch(() => {
      // Storage is refused or full: the other page says that nothing came.
    });
  };
  const caption = captions[chosen];
  return (
    <div>
      <div className="mt-4 flex flex-wrap items-baseline gap-x-6 gap-y-2">
        {"caches" in globalThis && (
          // In a tab of its own, so that the walk goes on here.
          <a
            href={`/vqa?photo=${HANDED}`}
            target="_blank"
            rel="noreferrer"
            onClick={give}
            onAuxClick={give}
            className={buttonClass("line")}
          >
            Ask a question about this frame
          </a>
        )}
        {caption && <CopyButton text={caption.text}>Copy the caption</CopyButton>}
        <a href={picture.url} download="frame.jpg" className={buttonClass("text")}>
          Keep the picture
        </a>
      </div>
      <Alternatives
        captions={captions}
        chosen={chosen}
        order="The one that stood there stays the first, and longer ones are given some credit."
        onChoose={onChoose}
      />
    </div>
  );
}
