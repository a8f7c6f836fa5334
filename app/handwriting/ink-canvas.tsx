"use client";

import { useTheme } from "next-themes";
import { useEffect, useRef } from "react";
import { drawInk, inkBounds } from "@/lib/handwriting/drawing";
import { LINE_HEIGHT, UNITS_PER_X_HEIGHT } from "@/lib/handwriting/options";
import { BEFORE_INK, NO_INK } from "@/lib/handwriting/rhythm";
import { isBefore, type Pen } from "./pen";

/** Margin about the ink, in twentieths of the x-height. */
const MARGIN = 24;
/** Room for capitals above the first baseline. */
const ASCENT = 3.4 * UNITS_PER_X_HEIGHT;
/** The width of the page grows in steps, so that ink does not shrink with every letter. */
const STEP = 120;
/** The narrowest page, in units for each pixel of the place it has: short lines are not blown up. */
const UNITS_PER_PIXEL = 0.62;

/**
 * Ink, drawn as the pen goes along it, as wide as its place allows. It takes its colour from CSS.
 *
 * @param fit - whether the ink fills its place, from the left, whose height is its own
 */
export function InkCanvas({
  pen,
  width,
  color,
  fit = false,
  label,
  className = "",
}: {
  pen: Pen;
  /** Of the line, in twentieths of the x-height. */
  width: number;
  /** Any CSS colour; undefined for that of the text about it. */
  color?: string;
  fit?: boolean;
  /** What the ink says; undefined where it is said beside it. */
  label?: string;
  className?: string;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { resolvedTheme } = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another colour
  useEffect(() => {
    const canvas = ref.current;
    const place = canvas?.parentElement;
    const context = canvas?.getContext("2d");
    if (!canvas || !place || !context) return;
    let drawn = { ink: NO_INK, position: BEFORE_INK };

    function lay(): void {
      if (!canvas || !place || !context) return;
      const [originX, originY] = pen.origin;
      const bounds = inkBounds(pen.ink.strokes) ?? { left: originX, top: originY, right: originX, bottom: originY };
      const wide = place.clientWidth;
      const margin = fit ? width : MARGIN;
      const left = fit ? bounds.left : originX;
      const inked = bounds.right - left + 2 * margin;
      const tall = place.clientHeight;
      const scale = fit
        ? Math.min(wide / inked, tall / (bounds.bottom - bounds.top + 2 * margin))
        : wide / Math.max(Math.ceil(inked / STEP) * STEP, wide * UNITS_PER_PIXEL);
      // The place grows with the ink: only its smallest height is its own.
      const least = Number.parseFloat(getComputedStyle(place).minHeight) || 0;
      const high = fit ? tall : Math.max((bounds.bottom - originY + ASCENT + MARGIN) * scale, least);
      const density = devicePixelRatio;
      canvas.width = Math.round(wide * density);
      canvas.height = Math.round(high * density);
      canvas.style.height = `${high}px`;
      // By the baseline, and not by the ink's top: it stays where it is when a taller letter comes.
      const top = fit ? (bounds.top + bounds.bottom - high / scale) / 2 : originY - ASCENT;
      context.setTransform(density * scale, 0, 0, density * scale, 0, 0);
      context.translate(margin - left, -top);
      // Ruled paper is CSS, which has to know where the lines are.
      place.style.setProperty("--pitch", `${LINE_HEIGHT * scale}px`);
      place.style.setProperty("--baseline", `${(originY - top) * scale}px`);
    }

    function draw(): void {
      if (!canvas || !context) return;
      if (drawn.ink !== pen.ink || isBefore(pen.position, drawn.position)) {
        lay();
        drawn = { ink: pen.ink, position: BEFORE_INK };
      }
      drawInk(context, pen.ink, drawn.position, pen.position, { color: getComputedStyle(canvas).color, width });
      drawn = { ink: pen.ink, position: pen.position };
    }

    function again(): void {
      drawn = { ink: NO_INK, position: { stroke: Number.POSITIVE_INFINITY, point: 0 } };
      draw();
    }

    const observer = new ResizeObserver(again);
    observer.observe(place);
    // The theme's class is set after this effect.
    const frame = requestAnimationFrame(again);
    const stop = pen.subscribe(draw);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      stop();
    };
  }, [pen, width, color, fit, resolvedTheme]);

  return (
    <canvas
      ref={ref}
      role={label === undefined ? undefined : "img"}
      aria-hidden={label === undefined}
      aria-label={label}
      style={{ color }}
      className={`block w-full ${className}`}
    />
  );
}
