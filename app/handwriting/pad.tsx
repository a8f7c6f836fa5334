"use client";

import { type PointerEvent, useEffect, useRef } from "react";
import type { PrimePoint } from "@/lib/handwriting/types";
import type { PadStroke } from "./own-hand";

/** Of the line, in pixels. */
const LINE_WIDTH = 2.4;

/**
 * A place to write by mouse, pen and finger. All places of a quick pen are taken, also those between two frames; pressure
 * is not, as many pens have none.
 *
 * @param onStroke - called with each stroke when the pen is lifted
 */
export function Pad({ strokes, onStroke }: { strokes: readonly PadStroke[]; onStroke: (stroke: PadStroke) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const growing = useRef<PrimePoint[]>(undefined);
  /** The first pointer: a palm beside the pen does not write. */
  const pointer = useRef<number>(undefined);

  useEffect(() => {
    const pad = canvas.current;
    if (!pad) return;
    function draw() {
      if (!pad) return;
      pad.width = Math.round(pad.clientWidth * devicePixelRatio);
      pad.height = Math.round(pad.clientHeight * devicePixelRatio);
      const context = pad.getContext("2d");
      if (!context) return;
      prepare(context, pad);
      for (const stroke of strokes) drawLine(context, stroke);
    }
    const observer = new ResizeObserver(draw);
    observer.observe(pad);
    draw();
    return () => observer.disconnect();
  }, [strokes]);

  function pointsOf({ nativeEvent, currentTarget }: PointerEvent<HTMLCanvasElement>): PrimePoint[] {
    const { left, top } = currentTarget.getBoundingClientRect();
    const events = nativeEvent.getCoalescedEvents?.() ?? [];
    return (events.length > 0 ? events : [nativeEvent]).map(({ clientX, clientY, timeStamp }) => [
      Math.round((clientX - left) * 100) / 100,
      Math.round((clientY - top) * 100) / 100,
      Math.round(timeStamp),
    ]);
  }

  function onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
    if (pointer.current !== undefined || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    pointer.current = event.pointerId;
    growing.current = pointsOf(event);
    drawEnd(growing.current);
  }

  function onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
    const { current } = growing;
    if (!current || event.pointerId !== pointer.current) return;
    for (const point of pointsOf(event)) {
      const last = current.at(-1);
      if (last && last[0] === point[0] && last[1] === point[1]) continue;
      current.push(point);
      drawEnd(current);
    }
  }

  function onPointerEnd(event: PointerEvent<HTMLCanvasElement>) {
    if (event.pointerId !== pointer.current) return;
    pointer.current = undefined;
    const { current } = growing;
    growing.current = undefined;
    if (current) onStroke(current);
  }

  function drawEnd(stroke: readonly PrimePoint[]) {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    prepare(context, canvas.current);
    drawLine(context, stroke.slice(-2));
  }

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={strokes.length === 0 ? "The pad, empty" : `The pad, with ${strokes.length} strokes`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      className="block h-44 w-full cursor-crosshair touch-none select-none border-hairline border-y bg-[linear-gradient(transparent_calc(68%-1px),var(--hairline)_0,var(--hairline)_68%,transparent_0)] text-ink"
    />
  );
}

function prepare(context: CanvasRenderingContext2D, pad: HTMLCanvasElement): void {
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.lineWidth = LINE_WIDTH;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(pad).color;
}

function drawLine(context: CanvasRenderingContext2D, stroke: readonly PrimePoint[]): void {
  const [first, ...others] = stroke;
  if (!first) return;
  context.beginPath();
  context.moveTo(first[0], first[1]);
  for (const [x, y] of others.length > 0 ? others : [first]) context.lineTo(x, y);
  context.stroke();
}
