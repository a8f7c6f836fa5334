"use client";

import { useEffect, useRef, useState } from "react";
import { DEFAULT_BIAS } from "@/lib/handwriting/options";
import { useReducedMotion } from "@/lib/ui/use-media-query";
import { InkCanvas } from "./ink-canvas";
import { Pen } from "./pen";
import { writeOnServer } from "./server-writer";
import { DEFAULT_LOOK, randomSeed } from "./settings";

/**
 * A few words, written by the model when they come into sight, in the place of the same words in type. They fill the place
 * about them, whose size does not depend on them, and stay in type where they cannot be written.
 *
 * @param seed - differs for each visitor where it is absent
 */
export function Written({
  text,
  seed,
  lineWidth = 100,
  width = DEFAULT_LOOK.width,
}: {
  text: string;
  seed?: number;
  lineWidth?: number;
  /** Of the line, in twentieths of the x-height. */
  width?: number;
}) {
  const place = useRef<HTMLSpanElement>(null);
  const [pen] = useState(() => new Pen(DEFAULT_LOOK.speed));
  const [written, setWritten] = useState(false);
  const still = useReducedMotion();
  useEffect(() => pen.setRate(still ? Number.POSITIVE_INFINITY : DEFAULT_LOOK.speed), [pen, still]);

  useEffect(() => {
    const controller = new AbortController();
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      const request = { text, seed: seed ?? randomSeed(), style: undefined, bias: DEFAULT_BIAS, lineWidth };
      writeOnServer(request, controller.signal, () => {}).then(
        ({ strokes, origin }) => {
          pen.show(strokes, origin);
          setWritten(true);
        },
        () => {
          // The type stays.
        },
      );
    });
    if (place.current) observer.observe(place.current);
    return () => {
      observer.disconnect();
      controller.abort();
    };
  }, [text, seed, lineWidth, pen]);

  return (
    <span ref={place} className="relative block size-full">
      <span className={`duration-300 motion-safe:transition-opacity ${written ? "opacity-0" : ""}`}>{text}</span>
      {written && (
        <span className="absolute inset-0 block">
          <InkCanvas pen={pen} width={width} fit />
        </span>
      )}
    </span>
  );
}
