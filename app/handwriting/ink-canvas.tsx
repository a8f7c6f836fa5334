"use client";

import { useTheme } from "next-themes";
import { type RefObject, useEffect, useRef } from "react";
import { drawInk, inkBounds } from "@/lib/handwriting/ink";
import { LINE_HEIGHT } from "@/lib/handwriting/options";
import { BEFORE_INK, NO_INK } from "@/lib/handwriting/rhythm";
import { isBefore, type Pen } from "./pen";

/** Margin about the ink, in twentieths of the x-height. */
const MARGIN = 24;
/** The width of the page grows in steps, so that ink does not shrink with every letter. */
const STEP = 120;
/** The narrowest page, in units for each pixel of the place it has: short lines are not blown up. */
const UNITS_PER_PIXEL = 0.62;

/**
 * Ink, drawn as the pen goes along it, as wide as its place allows. It takes its colour from CSS.
 *
 * @param baseline - of the first line, in the ink's units; where the paper is ruled
 * @param fit - whether the ink fills its place, however short it is
 */
export function InkCanvas({
  pen,
  width,
  color,
  baseline,
  fit = false,
  label,
  className = "",
  canvasRef,
}: {
  pen: Pen;
  /** Of the line, in twentieths of the x-height. */
  width: number;
  /** Any CSS colour; undefined for that of the text about it. */
  color?: string;
  baseline?: number;
  fit?: boolean;
  /** What the ink says. */
  label: string;
  className?: string;
  canvasRef?: RefObject<HTMLCanvasElement | null>;
}) {
  const own = useRef<HTMLCanvasElement>(null);
  const ref = canvasRef ?? own;
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
      const { left, top, right, bottom } = inkBounds(pen.ink.strokes) ?? { left: 0, top: 0, right: 0, bottom: 0 };
      const wide = place.clientWidth;
      const inked = right - left + 2 * MARGIN;
      const units = fit ? inked : Math.max(Math.ceil(inked / STEP) * STEP, wide * UNITS_PER_PIXEL);
      const scale = wide / units;
      // The place grows with the ink: only its smallest height is its own.
      const least = Number.parseFloat(getComputedStyle(place).minHeight) || 0;
      const high = fit ? place.clientHeight : Math.max((bottom - top + 2 * MARGIN) * scale, least);
      const density = devicePixelRatio;
      canvas.width = Math.round(wide * density);
      canvas.height = Math.round(high * density);
      canvas.style.height = `${high}px`;
      const above = fit ? (high / scale - (bottom - top)) / 2 : MARGIN;
      context.setTransform(density * scale, 0, 0, density * scale, 0, 0);
      context.translate(MARGIN - left, above - top);
      // Ruled paper is CSS, which has to know where the lines are.
      place.style.setProperty("--pitch", `${LINE_HEIGHT * scale}px`);
      place.style.setProperty("--baseline", `${((baseline ?? bottom) - top + above) * scale}px`);
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
  }, [pen, width, color, baseline, fit, ref, resolvedTheme]);

  return <canvas ref={ref} role="img" aria-label={label} style={{ color }} className={`block w-full ${className}`} />;
}
