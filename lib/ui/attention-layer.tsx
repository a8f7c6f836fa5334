"use client";

import { useEffect, useRef } from "react";
import { attentionField, type Colour, paintAttention } from "./attention-map";

/** Pixels on each side of the layer; the browser stretches it smoothly over the photo. */
const SIZE = 56;
/** Milliseconds in which the gaze moves from one word's place to the next. */
const MOVE = 220;

const INK: Colour = [14, 19, 33];
const ACCENT: Colour = [255, 122, 48];

/**
 * Shows over a photo what the model attended to. It covers its positioned parent, as the model sees the photo squashed to
 * a square: the grid maps onto the whole of it.
 *
 * @param attention - [49], row by row; null shows the photo as it is
 * @param opacity - 0 to 1
 */
export function AttentionLayer({ attention, opacity }: { attention: readonly number[] | null; opacity: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<{ field: Float32Array; opacity: number }>({
    field: new Float32Array(SIZE * SIZE),
    opacity: 0,
  });

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const start = shown.current;
    const target = attention ? { field: attentionField(attention, SIZE), opacity } : { field: start.field, opacity: 0 };
    // Coming from the bare photo only the strength changes: there was no place to move from.
    const from = start.opacity === 0 ? { field: target.field, opacity: 0 } : start;
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOVE;
    const begin = performance.now();
    let frame = 0;

    function draw(now: number) {
      const done = duration === 0 ? 1 : Math.min(1, Math.max(0, now - begin) / duration);
      const eased = 1 - (1 - done) ** 3;
      const field = target.field.map((value, index) => {
        const before = from.field[index] as number;
        return before + (value - before) * eased;
      });
      const strength = from.opacity + (target.opacity - from.opacity) * eased;
      shown.current = { field, opacity: strength };
      context?.putImageData(new ImageData(paintAttention(field, strength, INK, ACCENT), SIZE, SIZE), 0, 0);
      if (done < 1) frame = requestAnimationFrame(draw);
    }
    draw(begin);
    return () => cancelAnimationFrame(frame);
  }, [attention, opacity]);

  return (
    <canvas
      ref={canvas}
      width={SIZE}
      height={SIZE}
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full"
    />
  );
}
