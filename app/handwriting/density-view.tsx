"use client";

import { useTheme } from "next-themes";
import { useEffect, useRef } from "react";
import { drawInk } from "@/lib/handwriting/drawing";
import { BEFORE_INK } from "@/lib/handwriting/rhythm";
import type { Writing } from "@/lib/handwriting/types";
import type { Pen } from "./pen";
import { densityAt, type Gaussian, type InkTrace } from "./trace";

/** From the pen to the edge of what is shown, in twentieths of the x-height. */
const REACH = 22;
/** Cells of the density a side. */
const CELLS = 56;
/** Strokes before the pen's that are drawn with it. */
const STROKES = 3;

/** Where the pen may go next, as the network has it, about where it is. */
export function DensityView({ pen, writing, trace }: { pen: Pen; writing: Writing; trace: InkTrace }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { resolvedTheme } = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is other colours
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    const heat = document.createElement("canvas");
    heat.width = CELLS;
    heat.height = CELLS;
    const heatContext = heat.getContext("2d");
    if (!canvas || !context || !heatContext) return;
    const side = canvas.clientWidth * devicePixelRatio;
    canvas.width = side;
    canvas.height = side;

    function draw(): void {
      if (!canvas || !context || !heatContext) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, side, side);
      const { position, ink } = pen;
      const here = ink.strokes[position.stroke]?.[position.point];
      if (!here) return;
      const { color, accentColor } = getComputedStyle(canvas);
      const next = trace.at(writing, position)?.next;
      if (next) {
        heatContext.putImageData(paint(next), 0, 0);
        // The density's place is opaque; its colour is the page's.
        heatContext.globalCompositeOperation = "source-in";
        heatContext.fillStyle = accentColor;
        heatContext.fillRect(0, 0, CELLS, CELLS);
        heatContext.globalCompositeOperation = "source-over";
        context.drawImage(heat, 0, 0, side, side);
      }
      const scale = side / (2 * REACH);
      context.scale(scale, scale);
      context.translate(REACH - here[0], REACH - here[1]);
      const from = { stroke: Math.max(position.stroke - STROKES, 0), point: BEFORE_INK.point };
      drawInk(context, ink, from, position, { color, width: 0.7 });
    }

    const frame = requestAnimationFrame(draw);
    const stop = pen.subscribe(draw);
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [pen, writing, trace, resolvedTheme]);

  return (
    <figure className="flex items-center gap-5">
      <canvas
        ref={ref}
        role="img"
        aria-label="The density of the next point about the pen"
        className="size-36 shrink-0 border border-hairline bg-paper-deep text-ink accent-seen"
      />
      <figcaption className="text-ink-soft text-note">
        Where the pen may go from here: the sum of all Gaussians of which the next point is drawn, darker where it is
        more probable. Take the pen along its way to see it open at the end of a letter, where it may be lifted.
      </figcaption>
    </figure>
  );
}

/** The density's logarithm as opacity: where it is sharp, all else would be too faint to see. */
function paint(mixture: readonly Gaussian[]): ImageData {
  const image = new ImageData(CELLS, CELLS);
  const cell = (2 * REACH) / CELLS;
  const densities = Float64Array.from({ length: CELLS * CELLS }, (_, index) => {
    const x = ((index % CELLS) + 0.5) * cell - REACH;
    const y = (Math.floor(index / CELLS) + 0.5) * cell - REACH;
    return densityAt(mixture, x, y);
  });
  const most = Math.max(...densities);
  densities.forEach((density, index) => {
    const share = 1 + Math.log10(density / most) / DECADES;
    image.data[4 * index + 3] = Math.max(0, share) * 230;
  });
  return image;
}

/** Orders of magnitude below the most probable place that are shown. */
const DECADES = 3;
