"use client";

import Image from "next/image";
import { type AttendedWord, AttendedWords } from "./attended-words";
import { AttentionLayer } from "./attention-layer";
import { useGaze } from "./use-gaze";

/** A photo with its caption, gone through once by itself: how a page shows what a model saw. */
export function AttendedPlate({
  src,
  alt,
  width,
  height,
  words,
  children,
}: {
  src: string;
  alt: string;
  width: number;
  height: number;
  words: readonly AttendedWord[];
  children?: React.ReactNode;
}) {
  const [active, setActive] = useGaze(words, words.length);
  return (
    <figure>
      <div className="relative">
        <Image
          src={src}
          alt={alt}
          width={width}
          height={height}
          preload
          sizes="(min-width: 64rem) 60vw, 100vw"
          className="w-full"
        />
        <AttentionLayer attention={(active !== null && words[active]?.attention) || null} opacity={0.9} />
      </div>
      <figcaption className="mt-6">
        <div className="text-balance font-serif text-caption">
          <AttendedWords
            words={words}
            active={active}
            onActiveChange={setActive}
            label={`Caption: ${words.map(({ text }) => text).join(" ")}. Go along its words to see where the model looked`}
          />
        </div>
        {children}
      </figcaption>
    </figure>
  );
}
