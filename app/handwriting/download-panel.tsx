"use client";

import { useId, useState } from "react";
import type { HandwritingResponse } from "@/app/api/handwriting/schema";
import { DEFAULT_PLOT, plotHeight } from "@/lib/handwriting/exports/gcode";
import { InklingError } from "@/lib/inference/errors";
import { Button } from "@/lib/ui/button";
import { Problem } from "@/lib/ui/problem";
import { saveFile } from "@/lib/ui/save-file";
import { FilmExport } from "./film-export";
import type { Look } from "./settings";

/** Of a picture, in pixels. */
const PNG_WIDTH = 2400;

/** The ink to take away: as it looks on the page, or for a plotter. */
export function DownloadPanel({
  response,
  look,
  colors,
}: {
  response: HandwritingResponse | undefined;
  look: Look;
  /** The colours that the page shows. */
  colors: () => { readonly ink: string; readonly paper: string };
}) {
  const [ground, setGround] = useState(look.paper === "dark");
  const [error, setError] = useState<InklingError>();
  if (!response || response.strokes.length === 0) return <p className="text-ink-soft text-sm">There is no ink yet.</p>;
  const { strokes, text } = response;
  const name = nameOf(text);
  const style = () => {
    const { ink, paper } = colors();
    return { color: ink, width: look.width, background: ground ? paper : undefined };
  };
  // What makes a file comes when it is asked for.
  const saveSvg = async () => {
    const { toSvg } = await import("@/lib/handwriting/exports/svg");
    const { width, ...rest } = style();
    saveFile(`${name}.svg`, "image/svg+xml", toSvg(response, { ...rest, strokeWidth: width }));
  };
  const saveAnimated = async () => {
    const { toAnimatedSvg } = await import("@/lib/handwriting/exports/animated-svg");
    const speed = Math.min(look.speed, FASTEST);
    saveFile(`${name}.animated.svg`, "image/svg+xml", toAnimatedSvg(strokes, { ...style(), speed, text }));
  };
  const savePng = async () => {
    const [{ toPng }, { paceInk }] = await Promise.all([
      import("@/lib/handwriting/exports/png"),
      import("@/lib/handwriting/rhythm"),
    ]);
    const png = await toPng(paceInk(strokes), PNG_WIDTH, style());
    saveFile(`${name}.png`, png.type, png);
  };
  const save = (make: () => Promise<void>) => {
    setError(undefined);
    make().catch((thrown) => setError(InklingError.from(thrown)));
  };

  return (
    <div className="grid gap-x-16 gap-y-8 lg:grid-cols-2">
      <section aria-label="Pictures and films">
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => save(saveSvg)}>SVG</Button>
          <Button onClick={() => save(savePng)}>PNG</Button>
          <Button onClick={() => save(saveAnimated)}>Animated SVG</Button>
          <FilmExport strokes={strokes} name={name} speed={look.speed} width={look.width} colors={colors} />
        </div>
        {error && (
          <div className="mt-4">
            <Problem error={error} />
          </div>
        )}
        <label className="mt-3 flex w-fit cursor-pointer items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={ground}
            onChange={({ currentTarget }) => setGround(currentTarget.checked)}
            className="size-3.5 accent-ink"
          />
          With the colour of the paper; else the ground is transparent
        </label>
        <p className="mt-2 max-w-prose text-ink-soft text-note">
          The SVG holds the pen’s own strokes, not their outlines. The animated one writes itself in every browser, at
          the pen’s rhythm, and rests where motion is not wanted. A film always has the paper, and takes as long to
          record as it lasts.
        </p>
      </section>
      <Plotter strokes={strokes} name={name} />
    </div>
  );
}

/** Nobody would see a picture move that is faster. */
const FASTEST = 8;

function Plotter({ strokes, name }: { strokes: HandwritingResponse["strokes"]; name: string }) {
  const [plot, setPlot] = useState(DEFAULT_PLOT);
  const valid = plot.width >= 5 && plot.width <= 2000 && plot.feed >= 10 && plot.feed <= 20_000;
  const height = plotHeight(strokes, plot.width);
  const save = async () => {
    const { toGcode } = await import("@/lib/handwriting/exports/gcode");
    saveFile(`${name}.gcode`, "text/plain", toGcode(strokes, plot));
  };
  return (
    <section aria-label="For a plotter">
      <div className="grid max-w-md grid-cols-2 gap-x-6 gap-y-2">
        <Measure
          label="Width, mm"
          value={plot.width}
          min={5}
          max={2000}
          onChange={(width) => setPlot({ ...plot, width })}
        />
        <Measure
          label="Feed, mm a minute"
          value={plot.feed}
          min={10}
          max={20_000}
          onChange={(feed) => setPlot({ ...plot, feed })}
        />
        <Measure
          label="Pen up at Z, mm"
          value={plot.penUp}
          min={-100}
          max={100}
          onChange={(penUp) => setPlot({ ...plot, penUp })}
        />
        <Measure
          label="Pen down at Z, mm"
          value={plot.penDown}
          min={-100}
          max={100}
          onChange={(penDown) => setPlot({ ...plot, penDown })}
        />
      </div>
      <div className="mt-3 flex flex-wrap items-baseline gap-x-4">
        <Button disabled={!valid} onClick={() => void save()}>
          G-code
        </Button>
        <p className="numbers text-ink-soft text-note">
          {valid
            ? `${plot.width} × ${height.toFixed(1)} mm, from the lower left corner`
            : "These measures are out of reach."}
        </p>
      </div>
    </section>
  );
}

function Measure({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="block text-ink-soft text-note">
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        defaultValue={value}
        min={min}
        max={max}
        step="any"
        onChange={({ target: { valueAsNumber } }) => Number.isFinite(valueAsNumber) && onChange(valueAsNumber)}
        className="numbers w-full border-ink/40 border-b bg-transparent py-1"
      />
    </div>
  );
}

/** A file's name of the text's first words. */
function nameOf(text: string): string {
  if (text === "") return "dream";
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.slice(0, 4).join("-").slice(0, 40) || "handwriting";
}
